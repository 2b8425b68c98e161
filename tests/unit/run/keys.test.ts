import {
  batchKey,
  checkpointKey,
  completionKey,
  endKey,
  outputKey,
  partnerOf,
  resultKey,
  resumedRoundKey,
  resumedRunOf,
  revivedUploadKey,
  roundKey,
  roundOf,
  roundPrefix,
  runIdOf,
  scoringProgressKey,
  subjectOf,
  uploadKey,
} from '../../../lib/run/keys.ts';
import { OUTPUT_NAMES } from '../../../lib/run/outputs.ts';

const upload = {
  bucket: 'offers',
  key: 'uploads/acme/members.csv',
  etag: '9b2cf535f27731c974343645a3985328',
  sequencer: '0055AED6DCD90281E5',
  createdAt: new Date('2024-01-31T10:15:02.123Z'),
};

describe('a run id', () => {
  it('begins with the time of the upload, so that ids sort by time', () => {
    expect(runIdOf(upload)).toMatch(/^20240131T101502Z-[0-9a-f]{8}$/);
  });

  it('is the same for the same event delivered again', () => {
    expect(runIdOf({ ...upload })).toBe(runIdOf(upload));
  });

  it.each([
    ['bucket', { bucket: 'other' }],
    ['key', { key: 'uploads/acme/members2.csv' }],
    ['content', { etag: '0cc175b9c0f1b6a831c399e269772661' }],
    ['write to the same key', { sequencer: '0055AED6DCD90281E6' }],
    ['time', { createdAt: new Date('2024-01-31T10:15:02.124Z') }],
  ])('differs for another %s', (_, difference) => {
    expect(runIdOf({ ...upload, ...difference })).not.toBe(runIdOf(upload));
  });
});

describe('the version of an upload', () => {
  it('does not name its run, as the bucket may begin to keep versions at any time', () => {
    expect(runIdOf({ ...upload, versionId: 'v1' })).toBe(runIdOf(upload));
  });
});

describe('a key', () => {
  it('of a later round tells so, and does not begin as those of the first', () => {
    expect(batchKey('r', 7, 2)).toBe('batches/r.round2/00007.json');
    expect(checkpointKey('r', 7, 2)).toBe('checkpoints/r.round2/00007.json');
    expect(scoringProgressKey('r', 7, 2)).toBe('progress/r.round2/00007.json');
    expect(resultKey('r', 7, 12)).toBe('results/r.round12/00007.json');
    expect(completionKey('r', 2)).toBe('completed/r.round2.json');
    expect([endKey('r'), endKey('r', 2)]).toEqual(['runs/r/ended.json', 'runs/r/ended.round2.json']);
  });

  it('tells which round is planned there', () => {
    expect(roundKey('r', 12)).toBe('runs/r/round12.json');
    expect(roundKey('r', 12).startsWith(roundPrefix('r'))).toBe(true);
    expect(roundOf(roundKey('r', 12))).toBe(12);
    expect([endKey('r', 12), batchKey('r', 1, 12), completionKey('r', 12)].map(roundOf)).toEqual(
      Array(3).fill(undefined),
    );
  });

  it('tells which run was taken up again, and sorts by the time of that', () => {
    const runId = '20240131T101502Z-3f9a1c2e';
    const key = resumedRoundKey(runId, 2, new Date('2024-02-07T08:00:00.500Z'));
    expect(key).toBe('resumed/rounds/20240207T080000Z-20240131T101502Z-3f9a1c2e.round2.json');
    expect(resumedRunOf(key)).toBe(runId);
  });

  it('is another for each state of an upload that is stored again', () => {
    const listed = { key: 'uploads/a.csv', etag: 'e', modifiedAt: new Date('2024-01-31T10:15:02Z') };
    const others = [{ key: 'uploads/b.csv' }, { etag: 'f' }, { modifiedAt: new Date('2024-01-31T10:15:03Z') }];
    const keys = [listed, ...others.map((other) => ({ ...listed, ...other }))].map(revivedUploadKey);
    expect(new Set(keys).size).toBe(4);
    for (const key of keys) expect(key).toMatch(/^resumed\/uploads\/[0-9a-f]{32}\.json$/);
    expect(revivedUploadKey({ ...listed })).toBe(keys[0]);
  });

  it('numbers batches so that they list in order', () => {
    expect(batchKey('r', 7)).toBe('batches/r/00007.json');
    expect(batchKey('r', 1000)).toBe('batches/r/01000.json');
  });

  it('names the partner in its second part', () => {
    expect(partnerOf(uploadKey('acme', '2024/members.csv'))).toBe('acme');
  });

  it('belongs to the default partner when it names none', () => {
    expect(partnerOf('uploads/members.csv')).toBe('default');
    expect(partnerOf('uploads//members.csv')).toBe('default');
  });
});

describe('the report of a partner', () => {
  const runId = '20240131T101502Z-3f9a1c2e';
  // reports/, two slashes, the run's id and members.jsonl are 48 bytes of S3's 1,024.
  const longest = 976;
  const partnerIn = (key: string) => key.split('/')[1] ?? '';

  it('lies under its name, as long as there is room for it', () => {
    expect(outputKey('acme', runId, 'summary')).toBe(`reports/acme/${runId}/summary.json`);
    expect(partnerIn(outputKey('a'.repeat(longest), runId, 'members'))).toBe('a'.repeat(longest));
    expect(Buffer.byteLength(outputKey('a'.repeat(longest), runId, 'members'))).toBe(1024);
  });

  it.each(['a'.repeat(longest + 1), `a${'ü'.repeat(longest / 2)}`, `aa${'\u{1F600}'.repeat(longest / 4)}`])(
    'lies under the beginning of a longer name, of which no letter is cut in two: %#',
    (partner) => {
      const shortened = partnerIn(outputKey(partner, runId, 'members'));
      const [beginning = '', mark = ''] = shortened.split('~');
      expect(mark).toMatch(/^[0-9a-f]{8}$/);
      expect(partner.startsWith(beginning)).toBe(true);
      expect(Buffer.byteLength(shortened)).toBeLessThanOrEqual(longest);
      expect(Buffer.byteLength(shortened)).toBeGreaterThan(longest - 4);
    },
  );

  it('is told from that of another whose name begins alike', () => {
    const [one, other] = ['b', 'c'].map((end) => outputKey(`${'a'.repeat(longest)}${end}`, runId, 'page'));
    expect(one).not.toBe(other);
  });

  it('lies in one place, whatever its file is called', () => {
    const partner = 'a'.repeat(2000);
    const names = OUTPUT_NAMES;
    expect(new Set(names.map((output) => partnerIn(outputKey(partner, runId, output)))).size).toBe(1);
  });
});

describe('an object that starts a stage', () => {
  const subjectOfKey = (key: string) => subjectOf({ ...upload, key });
  const runId = '20240131T101502Z-3f9a1c2e';

  it('is about a run, and a batch about itself, too', () => {
    expect(subjectOfKey(batchKey(runId, 7))).toEqual({ runId, batch: 7 });
    expect(subjectOfKey(completionKey(runId))).toEqual({ runId });
    expect(subjectOfKey(batchKey(runId, 7, 12))).toEqual({ runId, batch: 7, round: 12 });
    expect(subjectOfKey(completionKey(runId, 2))).toEqual({ runId, round: 2 });
  });

  it('is about the run that is named after it when it is an upload, whatever its name', () => {
    for (const key of [upload.key, 'uploads/batches/a.csv', 'uploads/completed.csv']) {
      expect(subjectOfKey(key)).toEqual({ runId: runIdOf({ ...upload, key }) });
    }
  });
});
