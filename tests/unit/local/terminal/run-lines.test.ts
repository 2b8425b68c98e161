import { subscriptionsOf } from '../../../../local/lambda/notification.ts';
import { runLineOf } from '../../../../local/terminal/run-lines.ts';
import { summaryWith } from '../../../builders/summaries.ts';

const rule = (suffix: string) => ({ s3: { bucket: 'offers', rules: [{ prefix: 'uploads/' }, { suffix }] } });
const subscriptions = subscriptionsOf({ features: { events: [rule('.csv'), rule('.CSV')] } });

const summary = summaryWith({
  rows: { read: 4335, accepted: 4325, rejected: 10, imputed: 0 },
  members: { total: 990, scored: 990, failed: 0 },
  elapsedMs: 1290,
});

function told(key: string, { started = 0, size = 65_432, content = {} } = {}) {
  const object = {
    bucket: 'offers',
    key,
    size,
    etag: 'x',
    cause: 'Put' as const,
    sequencer: '1',
    createdAt: new Date(),
  };
  return runLineOf(object, started, subscriptions, async () => JSON.stringify({ ...summary, ...content }));
}

describe('what a person is told of an object', () => {
  it('is that a file has come', async () => {
    expect(await told('uploads/acme/members.csv', { started: 1 })).toBe('members.csv (acme)  received, 66 kB');
    const large = { started: 1, size: 412_345_678 };
    expect(await told('uploads/members.csv', large)).toBe('members.csv (default)  received, 412.3 MB');
  });

  it.each(['uploads/acme/members.Csv', 'uploads/acme/members.csv ', 'uploads/acme/members.xlsx'])(
    'is why it starts nothing: %j',
    async (key) => {
      const remedy = 'its name has to end in .csv or .CSV, with nothing behind it';
      expect(await told(key)).toBe(`"${key}"  starts nothing: ${remedy}`);
    },
  );

  it('is where files belong', async () => {
    expect(await told('members.csv')).toBe('"members.csv"  starts nothing: files belong under uploads/<partner>/');
  });

  it('is how a run has ended', async () => {
    const key = 'reports/acme/20240131T101502Z-3f9a1c2e/summary.json';
    const counts = '4,325 of 4,335 rows, 990 of 990 members scored';
    const report = 'report in reports/acme/20240131T101502Z-3f9a1c2e/';
    expect(await told(key)).toBe(`members.csv (acme)  COMPLETE; ${counts}, 1.29 s; ${report}`);
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
    expect(await told(key, { started: 1 })).toBeUndefined();
  });

  it('obeys no character of a name', async () => {
    expect(await told('uploads/acme/\u001b[2J.csv', { started: 1 })).toBe('\\u001b[2J.csv (acme)  received, 66 kB');
  });
});
