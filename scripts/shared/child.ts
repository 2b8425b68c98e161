import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import * as z from 'zod';

const failureSchema = z.object({ error: z.string() });

/** A child process of a command, which answers each message with one message. */
export class Child {
  readonly #process: ChildProcess;
  readonly #name: string;

  private constructor(process: ChildProcess, name: string) {
    this.#process = process;
    this.#name = name;
  }

  /** Starts a module. Its stdout is not shown, its stderr is. */
  static start(module: URL, args: readonly string[] = [], environment: Record<string, string> = {}): Child {
    const child = fork(module, args, {
      // Node's options of this process (for example a profiler) are not for the child.
      execArgv: [],
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Child(child, basename(module.pathname));
  }

  /** Sends a message, if one is given, and waits for the child's next one. @throws the error that the child reports */
  async ask<T>(schema: z.ZodType<T>, message?: object): Promise<T> {
    // Aborted after the first of message and exit, to remove the listener of the other.
    const heard = new AbortController();
    const ended = once(this.#process, 'exit', { signal: heard.signal }).then(([code]) => {
      throw new Error(`the process of ${this.#name} ended with code ${code}`);
    });
    if (message !== undefined) this.#process.send(message);
    const answered = once(this.#process, 'message', { signal: heard.signal });
    const [answer] = await Promise.race([answered, ended]).finally(() => {
      heard.abort();
      for (const other of [answered, ended]) other.catch(() => undefined);
    });
    const failure = failureSchema.safeParse(answer);
    if (failure.success) throw new Error(failure.data.error);
    return schema.parse(answer);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  stop(): void {
    this.#process.removeAllListeners('exit');
    this.#process.kill();
  }
}
