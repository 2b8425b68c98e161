import { PartsTold, runLineOf } from '../../../../local/terminal/run-lines.ts';
import { summaryWith } from '../../../builders/summaries.ts';

const summary = summaryWith({
  rows: { read: 4335, accepted: 4325, rejected: 10, imputed: 0 },
  members: { total: 990, scored: 990, failed: 0 },
  elapsedMs: 1290,
});

function objectOf(key: string, size: number) {
  return { bucket: 'offers', key, size, etag: 'x', cause: 'Put' as const, sequencer: '1', createdAt: new Date() };
}

function told(key: string, { size = 65_432, content = {} } = {}) {
  return runLineOf(objectOf(key, size), async () => JSON.stringify({ ...summary, ...content }));
}

describe('what a person is told of an object', () => {
  it('is that a file has come', async () => {
    expect(await told('uploads/acme/members.csv')).toBe('members.csv (acme)  received, 66 kB');
    expect(await told('uploads/members.csv', { size: 412_345_678 })).toBe('members.csv (default)  received, 412.3 MB');
  });

  it('is nothing of an object that stands for a folder', async () => {
    expect(await told('uploads/acme/', { size: 0 })).toBeUndefined();
    expect(await told('uploads/acme/', { size: 1 })).toBe('acme/ (acme)  received, 1 kB');
  });

  it('is of a part what it waits for, of the mark that its folder is closed', async () => {
    expect(await told('uploads/acme/january/part-0.csv')).toBe(
      'part-0.csv (acme)  received, 66 kB; waits for uploads/acme/january/_SUCCESS',
    );
    expect(await told('uploads/acme/january/_SUCCESS', { size: 0 })).toBe(
      'january/ (acme)  closed, its parts are read',
    );
    expect(await told('uploads/acme/_SUCCESS', { size: 0 })).toBe('_SUCCESS (acme)  received, 0 kB');
    expect(await told('uploads/acme/january/_temporary/0/part-0.csv')).toBeUndefined();
  });

  it('is of the first three parts of a folder, until its mark comes', () => {
    const parts = new PartsTold();
    const isTold = (name: string) => parts.next(objectOf(`uploads/acme/${name}`, 7));
    const names = ['part-0', 'part-1', 'part-2', 'part-3', 'part-4'];
    for (const _ of [1, 2]) {
      expect(names.map((name) => isTold(`january/${name}`))).toEqual([true, true, true, false, false]);
      expect(['february/part-0', 'part-9', 'january/other.csv', 'january/_SUCCESS'].map(isTold)).not.toContain(false);
      isTold('february/_SUCCESS');
    }
  });

  it('is where files belong', async () => {
    expect(await told('members.csv')).toBe('"members.csv"  starts nothing: files belong under uploads/<partner>/');
  });

  it('is how a run has ended', async () => {
    const key = 'reports/acme/20240131T101502Z-3f9a1c2e/summary.json';
    const counts = '4,325 of 4,335 rows, 990 of 990 members scored';
    const report = 'report in reports/acme/20240131T101502Z-3f9a1c2e/';
    expect(await told(key)).toBe(`members.csv (acme)  COMPLETE; ${counts}, 1.29 s; ${report}`);
    const folder = { source: { bucket: 'offers', key: 'uploads/acme/january/_SUCCESS' } };
    expect(await told(key, { content: folder })).toContain('january/ (acme)  COMPLETE; ');
    const failed = { status: 'FAILED', reason: 'the file has no header' };
    expect(await told(key, { content: failed })).toContain('FAILED: the file has no header; ');
    const edition = { round: 2, completedAt: '2024-02-02T10:15:02.000Z', writtenBy: 'x' };
    expect(await told(key, { content: { edition } })).toBe(`members.csv (acme)  COMPLETE; ${counts}; ${report}`);
  });

  it.each([
    'runs/20240131T101502Z-3f9a1c2e/manifest.json',
    'batches/20240131T101502Z-3f9a1c2e/00001.json',
    'reports/acme/20240131T101502Z-3f9a1c2e/report.xlsx',
  ])('is nothing of what lies between: %s', async (key) => {
    expect(await told(key)).toBeUndefined();
  });

  it('obeys no character of a name', async () => {
    expect(await told('uploads/acme/\u001b[2J.csv')).toBe('\\u001b[2J.csv (acme)  received, 66 kB');
  });
});
