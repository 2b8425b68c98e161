import { jest } from '@jest/globals';

/** A log line as CloudWatch gets it. */
export type Line = Record<string, unknown>;

/** Keeps what is written to the process's outputs, instead of its being shown. */
export function capture() {
  const written: string[] = [];
  const keep = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockImplementation(keep));
  return {
    text: () => written.join(''),
    /** @throws when something else than JSON lines was written */
    lines: (): Line[] =>
      written
        .join('')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    clear: () => {
      written.length = 0;
    },
    restore: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

export type Capture = ReturnType<typeof capture>;
