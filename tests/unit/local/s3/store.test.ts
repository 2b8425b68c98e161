import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../../../../local/s3/store.ts';

const BUCKET = 'member-offers-test';

let directory: string;
let store: Store;
let writes = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-s3-store-'));
  store = new Store(directory, () => undefined);
  store.createBucket(BUCKET);
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

function restart(): void {
  store.close();
  store = new Store(directory, () => undefined);
}

function put(key: string): void {
  const body = `body-${++writes}`;
  writeFileSync(join(directory, 'bodies', body), 'x');
  store.put(BUCKET, key, { body, size: 1, etag: '9dd4e461268c8034f5c8564e155c67a6', headers: {} }, {}, 'Put');
}

function objects() {
  return store.bucket(BUCKET).objects;
}

function keys(): string[] {
  return [...objects().list()].map(({ key }) => key);
}

/** All that is kept, and all that there is of files. */
function all() {
  const entries = [...objects().entries()];
  const bodies = entries.flatMap((entry) => ('body' in entry ? [entry.body] : [])).toSorted();
  return { entries, bodies, versioning: objects().versioning };
}

function files(): string[] {
  return readdirSync(join(directory, 'bodies')).toSorted();
}

const STEPS = {
  put: () => put('a'),
  delete: () => objects().delete('a'),
  'delete the latest version': () => objects().delete('a', {}, objects().entry('a')?.versionId),
  'delete the version without an id': () => objects().delete('a', {}, 'null'),
  enable: () => store.setVersioning(BUCKET, 'Enabled'),
  suspend: () => store.setVersioning(BUCKET, 'Suspended'),
  'start again': restart,
};

function* sequences(length: number): Generator<(keyof typeof STEPS)[]> {
  if (length === 0) return yield [];
  const names = Object.keys(STEPS) as (keyof typeof STEPS)[];
  for (const sequence of sequences(length - 1)) for (const name of names) yield [...sequence, name];
}

describe('what is stored', () => {
  it('is the same after a start, whatever was done before, and has a file each', () => {
    store.setVersioning(BUCKET, 'Enabled');
    for (const sequence of sequences(3)) {
      put('a');
      for (const step of sequence) STEPS[step]();
      const before = all();
      expect({ sequence, files: files() }).toEqual({ sequence, files: before.bodies });
      restart();
      expect({ sequence, ...all() }).toEqual({ sequence, ...before });
      expect({ sequence, files: files() }).toEqual({ sequence, files: before.bodies });
      while (objects().entry('a') !== undefined) STEPS['delete the latest version']();
    }
  });

  it('is there but for what was being written when the machine went down, and goes on from there', () => {
    put('a');
    store.close();
    const journal = join(directory, 'objects.jsonl');
    appendFileSync(journal, '{"event":"stored","bucket":"member-offers-te');
    writeFileSync(join(directory, 'bodies/half'), 'x');
    restart();
    expect(files()).toEqual(all().bodies);
    put('b');
    restart();
    expect(keys()).toEqual(['a', 'b']);
    for (const line of readFileSync(journal, 'utf8').trimEnd().split('\n'))
      expect(() => JSON.parse(line)).not.toThrow();
  });

  it('is not read from what is none, and nothing of it is removed', () => {
    put('a');
    const journal = join(directory, 'objects.jsonl');
    appendFileSync(journal, '{"event":"another"}\n');
    const before = [readFileSync(journal, 'utf8'), files()];
    expect(restart).toThrow('objects.jsonl, line 3, is no entry of this S3');
    expect([readFileSync(journal, 'utf8'), files()]).toEqual(before);
  });

  it('may be of a bucket that was deleted and made again', () => {
    put('a');
    objects().delete('a');
    store.deleteBucket(BUCKET);
    store.createBucket(BUCKET);
    put('b');
    restart();
    expect(keys()).toEqual(['b']);
  });
});
