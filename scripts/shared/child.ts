import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import * as z from 'zod';

const failureSchema = z.object({ error: z.string() });

/** A process of a command's own, which answers one message with one. */
export class Child {
  readonly #process: ChildProcess;
  readonly #name: string;

  private constructor(process: ChildProcess, name: string) {
    this.#process = process;
    this.#name = name;
  }

  /** Starts a module. Its output is not shown, its errors are. */
  static start(module: URL, args: readonly string[] = [], environment: Record<string, string> = {}): Child {
    const child = fork(module, args, {
      // What this process was started with (a profiler, say) is not for that one.
      execArgv: [],
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new Child(child, basename(module.pathname));
  }

  /** Sends a message, unless there is nothing to say, and waits for the next one. @throws what the child reports */
  async ask<T>(schema: z.ZodType<T>, message?: object): Promise<T> {
    // Whichever comes first, nobody listens for the other any more.
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
