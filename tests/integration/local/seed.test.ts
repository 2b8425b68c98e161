import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { seed } from '../../../local/seed.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'seed-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A bucket that holds these objects. */
function bucketWith(objects: Record<string, string>) {
  return {
    objects,
    async createIfAbsent(key: string, open: () => Readable) {
      if (key in objects) return false;
      objects[key] = await text(open());
      return true;
    },
  };
}

describe('seeding', () => {
  it('puts files under their relative paths and leaves objects that are there', async () => {
    mkdirSync(join(directory, 'uploads/a partner'), { recursive: true });
    writeFileSync(join(directory, 'uploads/a partner/one.csv'), 'one');
    writeFileSync(join(directory, 'two.json'), 'two');
    const bucket = bucketWith({ 'two.json': 'theirs' });
    expect(await seed(bucket, directory)).toBe(1);
    expect(bucket.objects).toEqual({ 'uploads/a partner/one.csv': 'one', 'two.json': 'theirs' });
  });

  it('has nothing to do without files', async () => {
    expect(await seed(bucketWith({}), join(directory, 'none'))).toBe(0);
  });
});
