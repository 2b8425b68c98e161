import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, open, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hasCode } from '../../local/process/processes.ts';
import { readStack } from '../../local/stack.ts';
import { CommandError } from './command.ts';

/** A local stack that this process started. */
export interface StackProcess {
  /** The STACK_DIR with its state. */
  directory: string;
  /** The last lines that it has printed so far. */
  logTail(): Promise<string>;
  /** Ends all of its processes and removes its files. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 120_000;
const POLL_MS = 100;
/** How long a stack may take to end by itself. */
const GRACE_MS = 10_000;
const LOG_LINES = 20;

const PROJECT = dirname(dirname(import.meta.dirname));

/**
 * Starts a local stack on free ports, independent of any other: its state and its log are in a directory of its own.
 * Resolves when the stack is ready for files.
 *
 * @throws CommandError with the end of the log when the stack does not become ready, AbortError when the signal aborts;
 *   in both cases no process is left running
 */
export async function startStackProcess(signal: AbortSignal): Promise<StackProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'member-offers-'));
  const log = join(directory, 'stack.log');
  const child = await spawnStack(directory, log);
  // When this process exits at once, as after a second Ctrl-C, it has no time to ask the stack to end.
  const leaveNothing = () => {
    killGroup(child);
    rmSync(directory, { recursive: true, force: true });
  };
  process.once('exit', leaveNothing);
  const logTail = () => endOf(log);
  const stop = async () => {
    await end(child);
    leaveNothing();
    process.off('exit', leaveNothing);
  };
  try {
    await untilReady(child, directory, signal);
    return { directory, logTail, stop };
  } catch (error) {
    const tail = await logTail();
    await stop();
    throw error instanceof CommandError ? new CommandError(`${error.message}\n${tail}`) : error;
  }
}

async function spawnStack(directory: string, log: string): Promise<ChildProcess> {
  await using output = await open(log, 'w');
  const serverless = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  return spawn(process.execPath, [serverless, 'offline', 'start'], {
    cwd: PROJECT,
    env: {
      ...process.env,
      STACK_DIR: directory,
      S3_PORT: '0',
      ENDPOINTS_PORT: '0',
      LAMBDA_PORT: '0',
    },
    stdio: ['ignore', output.fd, output.fd],
    // In its own process group, so that Ctrl-C in the terminal does not reach it, and all of it can be ended at once.
    detached: true,
  });
}

async function untilReady(child: ChildProcess, directory: string, signal: AbortSignal): Promise<void> {
  const endsAt = performance.now() + READY_TIMEOUT_MS;
  while (!readStack(directory)) {
    if (hasEnded(child)) throw new CommandError('the local stack did not start; the end of its log:');
    if (performance.now() > endsAt) throw new CommandError('the local stack did not get ready; the end of its log:');
    await pause(POLL_MS, undefined, { signal });
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Asks the stack to end, and kills the rest of its process group after the grace period. */
async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([ended, pause(GRACE_MS, undefined, { ref: false })]);
  killGroup(child);
  await ended;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

async function endOf(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  return lines.slice(-LOG_LINES).join('\n');
}
