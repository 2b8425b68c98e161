import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { REPETITIVE_FILES } from './repetitive-files.ts';

const countedSchema = z.object({ name: z.string(), small: z.number(), large: z.number() });

/** Of a file four times as large, were work to grow with the square, each byte would take four times as much. */
const MAX_GROWTH = 1.3;

let counted: z.infer<typeof countedSchema>[];
beforeAll(async () => {
  const script = join(import.meta.dirname, 'count-work.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  const lines = stdout.trim().split('\n');
  counted = lines.map((line) => countedSchema.parse(JSON.parse(line)));
}, 300_000);

const workOf = (name: string) => counted.filter((file) => file.name === name);

describe('a byte takes no more work in a large file than in a small one, when the file is', () => {
  it.each(Object.keys(REPETITIVE_FILES))('%s', (name) => {
    // With short lines allowed, and with long ones.
    expect(workOf(name)).toHaveLength(2);
    for (const { small, large } of workOf(name)) expect(large / small).toBeLessThan(MAX_GROWTH);
  });
});

it('empty lines before the header take less work than rows', () => {
  for (const [index, { large }] of workOf('empty lines before the header').entries()) {
    expect(large).toBeLessThan(workOf('good rows')[index]?.large ?? 0);
  }
});
