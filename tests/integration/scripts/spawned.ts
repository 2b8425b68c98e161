import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one of the scripts as npm does, to its end. @param environment and `input`, if there is to be any */
export async function script(
  name: string,
  args: readonly string[],
  { input, ...env }: Record<string, string>,
): Promise<Ended> {
  const child = spawn(process.execPath, [`scripts/${name}.ts`, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', BUCKET: '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Whoever does not read it may have ended by then.
  child.stdin.on('error', () => undefined).end(input);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { code, stdout, stderr };
}
