import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { peakMegabytes } from '../../local/process/peak-memory.ts';
import type { Measurement, Task } from './task.ts';
import { taskSchema } from './task.ts';

/** Does one task after the other and answers each with a `Measurement`. */

const s3 = { writes: 0, reads: 0 };

// The SDK is the only one here that uses Node's HTTP client; the endpoints are called by undici.
subscribe('http.client.request.start', (message) => {
  if (!isRequest(message)) return;
  const isWrite = ['PUT', 'POST'].includes(message.request.method) || message.request.path.includes('list-type=');
  s3[isWrite ? 'writes' : 'reads'] += 1;
});

function isRequest(message: unknown): message is { request: ClientRequest } {
  return typeof message === 'object' && message !== null && 'request' in message;
}

process.on('disconnect', () => process.exit());
process.on('message', async (message) => {
  try {
    process.send?.(await measure(taskSchema.parse(message)));
  } catch (error) {
    process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

async function measure(task: Task): Promise<Measurement> {
  Object.assign(s3, { writes: 0, reads: 0 });
  const ms = await run(task);
  return { ms, peakMb: peakMegabytes(), s3 };
}

/**
 * Loads only the modules that the task needs, because modules take memory.
 *
 * @returns milliseconds of the measured work, without its preparation
 */
async function run(task: Task): Promise<number> {
  switch (task.task) {
    case 'invoke':
      return (await import('./tasks/invoke.ts')).invoke(task);
    case 'csv-parse':
      return (await import('./tasks/csv-parse.ts')).parseAlone(task.path);
    case 'exceljs':
      return (await import('./tasks/exceljs.ts')).writeAlone(task.path, task.rows);
    case 'stages':
      return (await import('./tasks/stages.ts')).runStages(task);
  }
}
