import cliProgress from 'cli-progress';
import type { Look } from './run-watcher.ts';

/** What a person sees while a file is uploaded and its run is under way. */
export interface Progress {
  uploaded(bytes: number): void;
  looked(look: Look): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** A bar where there is a terminal to draw it on, else a line for each thing that changes. */
export function progressOn(stream: NodeJS.WriteStream, fileBytes: number): Progress {
  return stream.isTTY ? progressBar(stream, fileBytes) : progressLines((line) => stream.write(`${line}\n`));
}

function progressBar(stream: NodeJS.WriteStream, fileBytes: number): Progress {
  const bar = new cliProgress.SingleBar({
    stream,
    format: '  {phase} [{bar}] {percentage}% | {duration_formatted}',
    hideCursor: true,
    clearOnComplete: true,
  });
  // A total of 0 counts as complete.
  bar.start(Math.max(1, fileBytes), 0, { phase: 'uploading' });
  return {
    uploaded: (bytes) => bar.update(bytes, { phase: 'uploading' }),
    looked: (look) => {
      const { phase, done, total } = phaseOf(look);
      bar.setTotal(total);
      bar.update(done, { phase });
    },
    stop: () => bar.stop(),
  };
}

/** @param print is given each line once, and no more lines for many batches than for ten */
export function progressLines(print: (line: string) => void): Progress {
  let last = '';
  const change = (line: string) => {
    if (line !== last) print(line);
    last = line;
  };
  return {
    uploaded: () => change('uploading'),
    looked: (look) => {
      const { phase, done, total } = phaseOf(look);
      change(phase === SCORING ? `${phase}: ${Math.floor((10 * done) / total) * 10}%` : phase);
    },
    stop: () => {},
  };
}

const SCORING = 'scoring members';

function phaseOf({ manifest, results, summary }: Look): { phase: string; done: number; total: number } {
  if (!manifest) return { phase: 'reading the file', done: 0, total: 1 };
  const total = Math.max(1, manifest.batches);
  if (summary) return { phase: 'done', done: total, total };
  if (results >= manifest.batches) return { phase: 'writing the report', done: total, total };
  return { phase: SCORING, done: results, total };
}
