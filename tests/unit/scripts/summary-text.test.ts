import type { Summary } from '../../../lib/contracts.ts';
import { duration, summaryText } from '../../../scripts/cli/summary-text.ts';

const summary: Summary = {
  runId: '20240131T101502Z-3f9a1c2e',
  partner: 'acme',
  source: { bucket: 'offers', key: 'uploads/acme/members.csv' },
  asOf: '2024-01-31',
  status: 'COMPLETE',
  rows: { read: 4335, accepted: 4325, rejected: 10, imputed: 400 },
  members: { total: 990, scored: 990, failed: 0 },
  offers: { OFFER_2: 224, OFFER_1: 766 },
  steps: [
    {
      step: 'read',
      unit: 'file',
      count: 1,
      meanMs: 45.25,
      p50Ms: 45.25,
      p90Ms: 45.25,
      p95Ms: 45.25,
      p99Ms: 45.25,
      maxMs: 45.25,
      items: 'rows',
      throughputPerSecond: 95801.1,
    },
    {
      step: 'ats',
      unit: 'member',
      count: 990,
      meanMs: 2.5,
      p50Ms: 0.75,
      p90Ms: 3,
      p95Ms: 4,
      p99Ms: 9,
      maxMs: 1250,
      items: 'members',
      throughputPerSecond: 0,
    },
  ],
  startedAt: '2024-01-31T10:15:03.000Z',
  finishedAt: '2024-01-31T10:15:05.000Z',
  reportKey: 'reports/acme/20240131T101502Z-3f9a1c2e/report.xlsx',
};

describe('the summary of a run', () => {
  it('tells what became of rows, members and offers and how long each step took', () => {
    expect(summaryText(summary, 3456.7).split('\n')).toEqual([
      'COMPLETE',
      '',
      '  run      20240131T101502Z-3f9a1c2e',
      '  file     uploads/acme/members.csv, as of 2024-01-31',
      '  rows     4,335 read = 4,325 accepted + 10 rejected; 400 values imputed',
      '  members  990 = 990 scored + 0 failed',
      '  offers   OFFER_1  766  77.4%',
      '           OFFER_2  224  22.6%',
      '  elapsed  3.46 s from the upload to the report',
      '',
      '  step         times     mean       p50      p95      p99      max     throughput',
      '  read      1 × file  45.3 ms   45.3 ms  45.3 ms  45.3 ms  45.3 ms  95,801 rows/s',
      '  ats   990 × member   2.5 ms  0.750 ms   4.0 ms   9.0 ms   1.25 s',
    ]);
  });

  it('says first why a run is not complete', () => {
    const partial: Summary = {
      ...summary,
      status: 'PARTIAL',
      reason: '90 of 990 members failed',
      members: { total: 990, scored: 900, failed: 90 },
      offers: { OFFER_1: 900 },
    };
    const text = summaryText(partial, 1000);
    expect(text).toMatch(/^PARTIAL: 90 of 990 members failed\n/);
    expect(text).toContain('990 = 900 scored + 90 failed');
    expect(text).toContain('OFFER_1  900  100.0%');
  });

  it('does without what a failed run does not have', () => {
    const failed: Summary = {
      ...summary,
      status: 'FAILED',
      reason: 'the file is empty',
      asOf: null,
      rows: { read: 0, accepted: 0, rejected: 0, imputed: 0 },
      members: { total: 0, scored: 0, failed: 0 },
      offers: {},
      steps: summary.steps.map((step) => ({ ...step, count: 0 })),
    };
    expect(summaryText(failed, 999).split('\n')).toEqual([
      'FAILED: the file is empty',
      '',
      '  run      20240131T101502Z-3f9a1c2e',
      '  file     uploads/acme/members.csv',
      '  rows     0 read = 0 accepted + 0 rejected; 0 values imputed',
      '  members  0 = 0 scored + 0 failed',
      '  elapsed  999.0 ms from the upload to the report',
    ]);
  });
});

describe('a duration', () => {
  it.each([
    [0.0421, '0.042 ms'],
    [1, '1.0 ms'],
    [999.94, '999.9 ms'],
    [999.96, '1.00 s'],
    [1000, '1.00 s'],
    [59_994, '59.99 s'],
    [59_996, '1 min 0 s'],
    [125_400, '2 min 5 s'],
  ])('of %d ms is written %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
