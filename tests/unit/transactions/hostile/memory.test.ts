import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { HEADER } from './hostile-file.ts';
import { largeFiles } from './large-files.ts';

/** Of the process as a whole, most of which is Node itself. */
const MAX_MEGABYTES = 384;

const measured = z.object({
  accepted: z.number(),
  rejected: z.number(),
  unusable: z.string().optional(),
  megabytes: z.number(),
});

/** Reads a file in a process whose heap is no larger than that. */
async function read(name: string, heapMegabytes: number) {
  const script = join(import.meta.dirname, 'read-large.ts');
  // As on Lambda, where what was made last has a twentieth of the heap; else V8 would add 192 MB for that.
  const flags = [`--max-old-space-size=${heapMegabytes}`, `--max-semi-space-size=${Math.ceil(heapMegabytes / 20)}`];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, name]);
  return measured.parse(JSON.parse(stdout));
}

describe('a large hostile file', () => {
  it.each(Object.entries(largeFiles(HEADER)))(
    'of %s is read in bounded memory',
    async (name, file) => {
      // A heap that would not hold the file.
      const { accepted, rejected, megabytes } = await read(name, 48);
      expect({ accepted, rejected }).toEqual({ accepted: file.accepted, rejected: file.rejected });
      expect(megabytes).toBeLessThan(MAX_MEGABYTES);
    },
    60_000,
  );

  it('of more members than the memory holds is unusable, before the memory is used up', async () => {
    const { accepted, unusable, megabytes } = await read('a crowd', 128);
    // 55 % of 152 MB, which the heap has with what was made last, at 840 bytes a member.
    expect(Math.round(accepted / 10_000)).toBe(10);
    expect(unusable).toMatch(/^too many members for the memory: /);
    expect(megabytes).toBeLessThan(MAX_MEGABYTES);
  }, 60_000);
});
