import { setInterval } from 'node:timers/promises';
import { localEndpoints } from '../local/endpoints/example-services.ts';
import { countsText, exportLines, type FaultCounts, injectFaults } from '../local/faults/faults.ts';
import { serveGuarded } from '../local/process/guard.ts';
import { endpointsCommandLine } from './endpoints/arguments.ts';
import { readArguments } from './shared/arguments.ts';
import { runCommand } from './shared/command.ts';

const COUNTS_EVERY_MS = 5_000;

await runCommand(async (signal) => {
  const options = readArguments(endpointsCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const app = localEndpoints();
  const counts = injectFaults(app, { ...options, plan: options.faults });
  console.log(exportLines(await serveGuarded(app, options.port), options.protocol));
  try {
    await showUntil(signal, counts);
  } finally {
    await app.close();
    console.log(countsText(counts));
  }
  return 0;
});

/** On a terminal, prints the counts of injected faults from time to time, if they have changed. */
async function showUntil(signal: AbortSignal, counts: FaultCounts): Promise<void> {
  let shown = countsText(counts);
  try {
    for await (const _ of setInterval(COUNTS_EVERY_MS, undefined, { signal })) {
      const text = countsText(counts);
      if (process.stdout.isTTY && text !== shown) console.log(text);
      shown = text;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
