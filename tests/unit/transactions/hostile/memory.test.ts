import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { HEADER } from './hostile-file.ts';
import { largeFiles } from './large-files.ts';

/** Of the process as a whole, most of which is Node itself. */
const MOST_MEGABYTES = 384;

const measured = z.object({ accepted: z.number(), rejected: z.number(), megabytes: z.number() });

describe('a large hostile file', () => {
  it.each(Object.entries(largeFiles(HEADER)))(
    'of %s is read in bounded memory',
    async (name, file) => {
      const script = join(import.meta.dirname, 'read-large.ts');
      // A heap that would not hold the file.
      const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=48', script, name]);
      const { accepted, rejected, megabytes } = measured.parse(JSON.parse(stdout));
      expect({ accepted, rejected }).toEqual({ accepted: file.accepted, rejected: file.rejected });
      expect(megabytes).toBeLessThan(MOST_MEGABYTES);
    },
    60_000,
  );
});
