import { NO_REQUESTS, type Summary } from '../../../../../lib/run/summary.ts';
import { summaryText } from '../../../../../scripts/shared/summary/summary-text.ts';
import { COST } from '../../../../builders/cost.ts';
import { failedSummary, step, summaryWith } from '../../../../builders/summaries.ts';
import { mapCalls } from '../../../../default-calls.ts';

const READ_TIMES = { meanMs: 45.25, p50Ms: 45.25, p90Ms: 45.25, p95Ms: 45.25, p99Ms: 45.25, maxMs: 45.25 };

const summary = summaryWith({
  source: { bucket: 'offers', key: 'uploads/acme/members.csv' },
  rows: { read: 4335, accepted: 4325, rejected: 10, imputed: 400 },
  members: { total: 990, scored: 990, failed: 0 },
  boundaries: [
    { below: 'OFFER_1', above: 'OFFER_2', highestBelow: 199.8, lowestAbove: 200.25, near: 12, overlapping: 0 },
  ],
  requests: {
    ...mapCalls(() => NO_REQUESTS),
    ats: { sent: 992, retries: 2, failed: 0 },
    resp: { sent: 991, retries: 1, failed: 0 },
    offer: { sent: 990, retries: 0, failed: 0 },
  },
  elapsedMs: 1290,
  phases: [
    { phase: 'wait features', durationMs: 200 },
    { phase: 'features', durationMs: 100 },
    { phase: 'scoring', durationMs: 600 },
    { phase: 'wait report', durationMs: 150 },
    { phase: 'report', durationMs: 240 },
  ],
  offers: { OFFER_2: 224, OFFER_1: 766 },
  steps: [
    step('read', 1, { unit: 'file', ...READ_TIMES, items: 'rows', throughputPerSecond: 95801.1 }),
    step('ats', 990, { meanMs: 2.5, p50Ms: 0.75, p90Ms: 3, p95Ms: 4, p99Ms: 9, maxMs: 1250, throughputPerSecond: 0 }),
  ],
});

describe('the summary of a run', () => {
  it('says which predictions are not what is expected of them', () => {
    const expected = { from: 0, to: 1 };
    const outOfRange = [{ prediction: 'resp', expected, members: 990, lowest: 12.4, highest: 97 } as const];
    const lines = summaryText({ ...summary, outOfRange }, 3456.7).split('\n');
    expect(lines[0]).toBe('COMPLETE');
    expect(lines).toContain(
      '  check    RESP should be 0 to 1, and is not for 990 members (100%): there it is 12.4 to 97',
    );
  });

  it('tells what became of rows, members and offers and how long each step took', () => {
    expect(summaryText(summary, 3456.7).split('\n')).toEqual([
      'COMPLETE',
      '',
      '  file     s3://offers/uploads/acme/members.csv',
      '  partner  acme',
      '  as of    2024-01-31',
      '  started  2024-01-31 10:15:02 UTC',
      '  run      20240131T101502Z-3f9a1c2e',
      '  members  990 = 990 scored + 0 failed',
      '  rows     4,335 read = 4,325 accepted + 10 rejected; 400 blank values',
      '           10 × MEMBER_ID is blank',
      '  time     1.29 s = wait 200 ms + features 100 ms + scoring 600 ms + wait 150 ms + report 240 ms',
      '  requests 2,973 = 992 ATS + 991 RESP + 990 OFFER; 3 retries among them, 0 calls failed for good',
      '  offers   OFFER_1  766  77.4%',
      '           OFFER_2  224  22.6%',
      '  boundary OFFER_1 ends at ATS × RESP = 199.8, OFFER_2 begins at 200.25; 12 members (1.2%) are within a tenth',
      '           of it.',
      '  elapsed  3.46 s here, with the upload and until the report was seen',
      '',
      '  step         times     mean      p50      p90      p95      p99      max     throughput',
      '  read      1 × file  45.3 ms  45.3 ms  45.3 ms  45.3 ms  45.3 ms  45.3 ms  95,801 rows/s',
      '  ats   990 × member   2.5 ms  0.75 ms     3 ms     4 ms     9 ms   1.25 s',
    ]);
  });

  it('tells how many requests there were a second, and of how many members, where they were about several', () => {
    const sent = { retries: 0, rows: 990, failed: 0, rowsPerSecond: 990 };
    const requests = { ...summary.requests, ats: { ...sent, sent: 5, requestsPerSecond: 5 } };
    const lines = summaryText({ ...summary, requests }, undefined).split('\n');
    expect(lines.slice(-3)).toEqual([
      '  step         times     mean      p50      p90      p95      p99      max     throughput           requests',
      '  read      1 × file  45.3 ms  45.3 ms  45.3 ms  45.3 ms  45.3 ms  45.3 ms  95,801 rows/s',
      '  ats   990 × member   2.5 ms  0.75 ms     3 ms     4 ms     9 ms   1.25 s                 5/s × 198 members',
    ]);
    expect(lines.join(' ')).toContain('requests 1,986 = 5 ATS + 991 RESP + 990 OFFER; 1 retry among them');
  });

  it('tells what the run costs on AWS, where that is known', () => {
    const lineOf = (cost: NonNullable<Summary['cost']>) =>
      summaryText({ ...summary, cost }, 1)
        .split('\n')
        .find((line) => line.startsWith('  cost'));
    expect(lineOf(COST)).toBe('  cost     about $0.041 on AWS (us-east-1, 2026-11) = predict $0.04 + report $0.0013');
    expect(lineOf({ ...COST, isLowerBound: true })).toMatch(/^ {2}cost {5}at least \$0\.041 on AWS/);
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
    expect(text).toContain('OFFER_1  900  100%');
  });

  it('says how the endpoints are called again for members that failed, where that can be done', () => {
    const resumeCommand = 'npm run resume -- 20240131T101502Z-3f9a1c2e';
    const failures: Summary['failures'] = [{ step: 'ats', calls: 90, example: 'is down' }];
    const failed = { ...summary, members: { total: 990, scored: 900, failed: 90 }, failures };
    const told = `  resume   calls the endpoints again for the failed members alone; run it when the cause is gone:\n           ${resumeCommand}\n`;
    expect(summaryText(failed, 1000, { resumeCommand, columns: 40 })).toContain(told);
    expect(summaryText(failed, 1000, { resumeCommand })).toContain(
      `failed\n           90 × ATS without an answer: is down\n${told}  rows`,
    );
    expect(summaryText(failed, 1000)).not.toContain('resume');
    expect(summaryText(summary, 1000, { resumeCommand })).not.toContain('resume');
  });

  it('does without what a failed run does not have', () => {
    const steps = summary.steps.map((step) => ({ ...step, count: 0 }));
    expect(summaryText(failedSummary({ reason: 'the file is empty', steps }), 999).split('\n')).toEqual([
      'FAILED: the file is empty',
      '',
      '  file     s3://bucket/uploads/acme/members.csv',
      '  partner  acme',
      '  started  2024-01-31 10:15:02 UTC',
      '  run      20240131T101502Z-3f9a1c2e',
      '  members  0 = 0 scored + 0 failed',
      '  rows     0 read = 0 accepted + 0 rejected; 0 blank values',
      '  elapsed  999 ms here, with the upload and until the report was seen',
    ]);
  });
});

/** The lines that the summary has because of these differences. */
function linesFor(differences: Partial<Summary>): string[] {
  const without = new Set(summaryText(summary, 1000).split('\n'));
  return summaryText({ ...summary, ...differences }, 1000)
    .split('\n')
    .filter((line) => !without.has(line));
}

describe('what there is much of', () => {
  it('is folded: rejected rows after the three most frequent problems', () => {
    const rejections = [900, 30, 20, 3, 2].map((rows, place) => ({ problem: `problem ${place + 1}`, rows }));
    expect(linesFor({ rejections })).toEqual([
      '           900 × problem 1',
      '           30 × problem 2',
      '           20 × problem 3',
      '           5 × 2 other problems',
    ]);
  });

  it('is not folded when that would save no line', () => {
    const rejections = [4, 3, 2, 1].map((rows) => ({ problem: `problem ${rows}`, rows }));
    expect(linesFor({ rejections }).at(-1)).toBe('           1 × problem 1');
  });

  it('is folded: offers after the eight of most members', () => {
    const members = { total: 1000, scored: 1000, failed: 0 };
    const many = [1, 400, 200, 100, 90, 80, 60, 40, 19, 10];
    const offers = Object.fromEntries(many.map((taken, place) => [`O${place}`, taken]));
    const lines = linesFor({ offers, members });
    expect(lines.slice(1)).toEqual([
      '  offers   O1              400   40%',
      '           O2              200   20%',
      '           O3              100   10%',
      '           O4               90    9%',
      '           O5               80    8%',
      '           O6               60    6%',
      '           O7               40    4%',
      '           O8               19  1.9%',
      '           2 other offers   11  1.1%',
    ]);
  });

  it('is folded: offers that have no name in the summary, with the others', () => {
    const members = { total: 10_000, scored: 10_000, failed: 0 };
    const offers = Object.fromEntries(Array.from({ length: 9 }, (_, place) => [`O${place}`, 100]));
    const otherOffers = { offers: 9000, members: 9100 };
    // O8 is one of 9,001 others with 9,200 members.
    expect(linesFor({ offers, otherOffers, members, boundaries: [] }).slice(-2)).toEqual([
      '           O7                    100   1%',
      '           9,001 other offers  9,200  92%',
    ]);
  });

  it('is folded: failed calls after the three most frequent kinds, each with an example', () => {
    expect(
      linesFor({
        failures: [
          { step: 'ats', status: 503, calls: 1200, example: 'ATS endpoint answered 503' },
          { step: 'resp', calls: 7, example: 'RESP endpoint did not answer' },
          { step: 'offer', status: 404, calls: 3, example: 'not found' },
          { step: 'offer', status: 400, calls: 2, example: 'bad' },
          { step: 'ats', status: 400, calls: 1, example: 'bad' },
        ],
      }),
    ).toEqual([
      '           1,200 × ATS with HTTP 503: ATS endpoint answered 503',
      '           7 × RESP without an answer: RESP endpoint did not answer',
      '           3 × OFFER with HTTP 404: not found',
      '           3 × 2 other kinds of failures',
    ]);
  });

  it('is folded: boundaries after the first one', () => {
    const boundary = { below: 'A', above: 'B', highestBelow: 1, lowestAbove: 2, near: 1, overlapping: 0 };
    expect(linesFor({ boundaries: [boundary, boundary, boundary] })).toEqual([
      '  boundary A ends at ATS × RESP = 1, B begins at 2; 1 member (0.1%) is within a tenth of it.',
      '           2 other boundaries.',
    ]);
  });

  it('stays on one screen', () => {
    const boundary = { below: 'A', above: 'B', highestBelow: 1, lowestAbove: 2, near: 1, overlapping: 0 };
    const offers = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`OFFER_${n}`, 1]));
    const failures = Array.from({ length: 20 }, () => ({ step: 'ats' as const, calls: 1, example: 'x'.repeat(70) }));
    const rejections = Array.from({ length: 20 }, () => ({ problem: 'x'.repeat(95), rows: 1 }));
    const boundaries = Array.from({ length: 499 }, () => boundary);
    const text = summaryText({ ...summary, offers, failures, rejections, boundaries, reason: 'x'.repeat(100) }, 1000);
    expect(text.split('\n').length).toBeLessThanOrEqual(35);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });
});

describe('a reason', () => {
  const words = Array.from({ length: 60 }, (_, place) => `word${place}`).join(' ');
  const unfolded = (text: string) => text.replace(/\s+/g, ' ');

  it.each([60, 80, 110, 200])(
    'is there from its first word to its last, however long it is, at %d columns',
    (columns) => {
      const problem = words.replaceAll('word', 'cell');
      const example = words.replaceAll('word', 'call');
      const differences: Partial<Summary> = {
        reason: words,
        rejections: [{ problem, rows: 2 }],
        failures: [{ step: 'ats', status: 500, calls: 3, example }],
        source: { bucket: 'offers', key: `uploads/${words}.csv` },
        steps: [],
      };
      const text = summaryText({ ...summary, status: 'PARTIAL', ...differences }, 1000, { columns });
      expect(unfolded(text)).toContain(`PARTIAL: ${words} file`);
      expect(unfolded(text)).toContain(`file s3://offers/uploads/${words}.csv partner`);
      expect(unfolded(text)).toContain(`3 × ATS with HTTP 500: ${example} rows`);
      expect(unfolded(text)).toContain(`2 × ${problem} time`);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    },
  );
});

describe('where offers part', () => {
  const boundary = { below: 'OFFER_1', above: 'OFFER_2', highestBelow: 0, lowestAbove: 0, near: 3, overlapping: 0 };

  it('is told with as many digits as it takes to tell both sides apart', () => {
    const boundaries = [{ ...boundary, highestBelow: 199.9999912, lowestAbove: 200.0000034 }];
    expect(linesFor({ boundaries })).toEqual([
      '  boundary OFFER_1 ends at ATS × RESP = 199.99999, OFFER_2 begins at 200; 3 members (0.3%) are within a tenth',
    ]);
  });

  it('is a stretch where they overlap', () => {
    const boundaries = [{ ...boundary, highestBelow: 300, lowestAbove: 120.5, overlapping: 99 }];
    expect(linesFor({ boundaries })).toEqual([
      '  boundary OFFER_1 and OFFER_2 overlap: values of ATS × RESP from 120.5 to 300 occur with either, for 99',
      '           members (10%). Something other than this value decides there.',
    ]);
  });
});

describe('where offers with extreme values part', () => {
  const boundary = { below: 'A', above: 'B', near: 0, overlapping: 0 };

  it.each([
    [5e-324, 1.7e308, '5E-324, B begins at 1.7E308'],
    [-0, Number.MAX_VALUE, '0, B begins at 1.798E308 or more'],
    [-0, 1, '0, B begins at 1'],
  ])('is told briefly: %d and %d', (highestBelow, lowestAbove, told) => {
    expect(linesFor({ boundaries: [{ ...boundary, highestBelow, lowestAbove }] })).toEqual([
      `  boundary A ends at ATS × RESP = ${told}; 0 members (0%) are within a tenth of it.`,
    ]);
  });
});

describe('where the time went', () => {
  it('is told in minutes when it took long', () => {
    expect(linesFor({ elapsedMs: 98_760, phases: [{ phase: 'scoring', durationMs: 70_840 }] })).toEqual([
      '  time     1 min 39 s = scoring 1 min 11 s',
    ]);
  });

  it('is not told of a run that was taken up again: nobody was at work in between', () => {
    const edition = { round: 2, completedAt: '2024-01-31T10:15:04.000Z', writtenBy: 'w' };
    expect(summaryText({ ...summary, edition }, 1000)).not.toContain('  time ');
    const resumed = summaryText(summary, 2345, { isResumed: true }).split('\n');
    expect(resumed).toContain('  started  2024-01-31 10:15:02 UTC');
    expect(resumed).toContain('  elapsed  2.35 s since the run was resumed');
    expect(resumed.join()).not.toContain('  time ');
  });

  it('says nothing of a time that nobody has waited', () => {
    expect(summaryText(summary, undefined)).not.toContain('elapsed');
  });

  it('leaves single features to the report', () => {
    const [read] = summary.steps;
    const steps = read === undefined ? [] : [read, { ...read, step: 'AVG_POINTS_BOUGHT', unit: '64 members' }];
    expect(summaryText({ ...summary, steps }, 1000)).not.toContain('AVG_');
  });
});

describe('texts from outside', () => {
  it('cannot command the terminal', () => {
    const text = 'a\x1b[2J\u009b1m\r\nCOMPLETE\u202e';
    const shown = 'a\\u001b[2J\\u009b1m\\u000d\\u000aCOMPLETE\\u202e';
    const printed = summaryText(
      {
        ...summary,
        reason: text,
        source: { bucket: 'offers', key: text },
        rejections: [{ problem: text, rows: 1 }],
        offers: { [text]: 1 },
        boundaries: [{ below: text, above: text, highestBelow: 1, lowestAbove: 2, near: 0, overlapping: 0 }],
        failures: [{ step: 'ats', calls: 1, example: text }],
        steps: summary.steps.map((step) => ({ ...step, step: text, unit: text, items: text })),
      },
      1000,
    );
    expect(printed).not.toMatch(/[^\P{C}\n]/u);
    expect(printed).toContain(`COMPLETE: ${shown}\n`);
    expect(printed).toContain(`file     s3://offers/${shown}\n`);
    expect(printed).toContain(`1 × ${shown}\n`);
    expect(printed).toContain(`offers   ${shown}  1`);
    expect(printed).toContain(`1 × ATS without an answer: ${shown}\n`);
  });
});
