import { batchKey, completionKey, partnerOf, runIdOf, subjectOf, uploadKey } from '../../lib/layout.ts';

const upload = {
  bucket: 'offers',
  key: 'uploads/acme/members.csv',
  etag: '9b2cf535f27731c974343645a3985328',
  sequencer: '0055AED6DCD90281E5',
  uploadedAt: new Date('2024-01-31T10:15:02.123Z'),
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
    ['time', { uploadedAt: new Date('2024-01-31T10:15:02.124Z') }],
  ])('differs for another %s', (_, difference) => {
    expect(runIdOf({ ...upload, ...difference })).not.toBe(runIdOf(upload));
  });
});

describe('a key', () => {
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

describe('an object that starts a stage', () => {
  const subjectOfKey = (key: string) => subjectOf({ ...upload, key });
  const runId = '20240131T101502Z-3f9a1c2e';

  it('is about a run, and a batch about itself, too', () => {
    expect(subjectOfKey(batchKey(runId, 7))).toEqual({ runId, batch: 7 });
    expect(subjectOfKey(completionKey(runId))).toEqual({ runId });
  });

  it('is about the run that is named after it when it is an upload, whatever its name', () => {
    for (const key of [upload.key, 'uploads/batches/a.csv', 'uploads/completed.csv']) {
      expect(subjectOfKey(key)).toEqual({ runId: runIdOf({ ...upload, key }) });
    }
  });
});
