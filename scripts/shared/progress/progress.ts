import cliProgress from 'cli-progress';
import { columnsOf, wrapped } from '../wrapping.ts';
import { PaceMeter } from './progress-rate.ts';
import { failingText, type ProgressPhase, phaseOf, uploading } from './progress-text.ts';
import type { Look } from './run-watcher.ts';

/** Shows a person the progress of an upload and of its run. */
export interface Progress {
  uploaded(bytes: number): void;
  looked(look: Look): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** Gives milliseconds since some point in time. */
type Clock = () => number;

/** Draws phases, or prints them. */
interface Display {
  show(phase: ProgressPhase): void;
  /** Prints a line that stays. */
  say(line: string): void;
  stop(): void;
}

const monotonic: Clock = () => performance.now();

/**
 * A bar on a terminal; elsewhere a line for each change.
 *
 * @param fileBytes size of the file that is uploaded first; undefined when it is not known or no file is uploaded
 */
export function progressOn(stream: NodeJS.WriteStream, fileBytes?: number, clock: Clock = monotonic): Progress {
  // A terminal that cannot move its cursor cannot draw a bar.
  const draws = stream.isTTY && process.env.TERM !== 'dumb';
  const display = draws ? bar(stream) : lines((line) => stream.write(`${line}\n`));
  return progressOf(display, fileBytes, clock);
}

/** @param print is called once for each line; many batches lead to no more lines than ten */
export function progressLines(print: (line: string) => void, fileBytes?: number, clock: Clock = monotonic): Progress {
  return progressOf(lines(print), fileBytes, clock);
}

function progressOf(display: Display, fileBytes: number | undefined, clock: Clock): Progress {
  const meter = new PaceMeter();
  const news = newsOfFailures();
  const atPresent = countdown();
  return {
    uploaded: (sent) => display.show(uploading(sent, fileBytes)),
    looked: (noted) => {
      const time = clock();
      const look = atPresent(noted, time);
      const { manifest, members } = look;
      const rate = manifest ? meter.look(members.done, manifest.members, time) : undefined;
      display.show(phaseOf(look, rate));
      for (const line of news(look)) display.say(line);
    },
    stop: () => display.stop(),
  };
}

/** A note says how long an endpoint is waited for from the time of the note. This subtracts the time since then. */
function countdown(): (look: Look, time: number) => Look {
  let noticed = new Map<string, number>();
  return (look, time) => {
    const { failing = [] } = look;
    const noticedBefore = noticed;
    noticed = new Map();
    const left = failing.map((one) => {
      const key = `${one.call} ${one.givenUpInMs}`;
      const since = noticedBefore.get(key) ?? time;
      noticed.set(key, since);
      return one.givenUpInMs === undefined
        ? one
        : { ...one, givenUpInMs: Math.max(0, one.givenUpInMs - (time - since)) };
    });
    return left.length === 0 ? look : { ...look, failing: left };
  };
}

/** Reports for each endpoint once that it fails, and once that it is down. */
function newsOfFailures(): (look: Look) => string[] {
  let told = new Set<string>();
  return ({ failing = [] }) => {
    const named = failing.map((one) => ({ key: `${one.call} ${one.givenUpInMs !== undefined}`, one }));
    const news = named.filter(({ key }) => !told.has(key)).map(({ one }) => failingText(one));
    told = new Set(named.map(({ key }) => key));
    return news;
  };
}

/** Columns of a bar. On a terminal that is narrower than `WIDE_TERMINAL` it is half as long, so that the words fit. */
const BAR_WIDTH = 20;
const WIDE_TERMINAL = 110;

function bar(stream: NodeJS.WriteStream): Display {
  let phase: ProgressPhase = { name: 'looking', details: [] };
  let drawn = startedBar(stream, phase);
  const show = (next: ProgressPhase) => {
    phase = next;
    const { done = 0, total = 1 } = phase.amount ?? {};
    // A total of 0 counts as complete.
    drawn.setTotal(Math.max(1, total));
    drawn.update(done, { phase });
  };
  return {
    show,
    say: (line) => {
      drawn.stop();
      stream.write(`${wrapped(line, columnsOf(stream))}\n`);
      drawn = startedBar(stream, phase);
      show(phase);
    },
    stop: () => drawn.stop(),
  };
}

function startedBar(stream: NodeJS.WriteStream, phase: ProgressPhase): cliProgress.SingleBar {
  const drawn = new cliProgress.SingleBar({
    stream,
    format: (options, { progress }, { phase }: { phase: ProgressPhase }) => barLine(phase, progress, options),
    barsize: stream.columns < WIDE_TERMINAL ? BAR_WIDTH / 2 : BAR_WIDTH,
    hideCursor: true,
    clearOnComplete: true,
  });
  drawn.start(1, 0, { phase });
  return drawn;
}

function barLine({ name, amount, details }: ProgressPhase, progress: number, options: cliProgress.Options): string {
  if (amount?.total === undefined) return `  ${[name, ...details].join(' | ')}`;
  const gauge = `[${cliProgress.Format.BarFormat(progress, options)}] ${Math.floor(progress * 100)}%`;
  return `  ${name} ${[gauge, ...details].join(' | ')}`;
}

function lines(print: (line: string) => void): Display {
  let last = '';
  return {
    show: (phase) => {
      const stage = stageOf(phase);
      if (stage !== last) print(textOf(phase));
      last = stage;
    },
    say: print,
    stop: () => {},
  };
}

/** A new line is printed when this changes: per phase, per tenth of a total, or per doubling without a total. */
function stageOf({ name, amount }: ProgressPhase): string {
  if (amount === undefined) return name;
  const { done, total } = amount;
  const step = total === undefined ? Math.log2(Math.max(1, done)) : (10 * done) / Math.max(1, total);
  return `${name} ${Math.floor(step)}`;
}

function textOf({ name, details }: ProgressPhase): string {
  return details.length === 0 ? name : `${name}: ${details.join('; ')}`;
}
