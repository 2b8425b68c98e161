import { endMessage } from '../../../../lib/notification/message.ts';
import { renderPage } from '../../../../lib/report/page/page.ts';
import { viewOf } from '../../../../lib/report/view/view.ts';
import type { Summary } from '../../../../lib/run/summary.ts';
import { summaryText } from '../../../../scripts/shared/summary/summary-text.ts';
import { COST } from '../../../builders/cost.ts';
import { someFigures } from '../../../builders/figures.ts';
import { BATCHED, failedSummary, step, summaryWith } from '../../../builders/summaries.ts';

const boundary = { below: 'LOW', above: 'HIGH', highestBelow: 1, lowestAbove: 2, near: 1, overlapping: 0 };

describe('what is shown of a run', () => {
  it('is told with the same words in every form of a report', () => {
    const summary = summaryWith({ cost: COST, rejections: [] });
    const { facts } = viewOf(summary);
    const page = renderPage(someFigures({ summary: { cost: COST } }));
    const [mail, terminal] = [endMessage(summary, undefined).text, summaryText(summary, 1)];
    expect(facts.map(({ name }) => name)).toEqual(['File', 'Partner', 'As of', 'Started', 'Cost', 'Run']);
    for (const { text } of facts) for (const form of [page, mail, terminal]) expect(form).toContain(text);
  });

  it('has the file of its partner, and which version of it, of a run that was read by one', () => {
    const { facts } = viewOf(summaryWith({ partnerFile: { file: 'acme.yml', digest: '0123456789ab' } }));
    expect(facts).toContainEqual({ name: 'Read by', text: 'acme.yml (0123456789ab)' });
  });

  it('is, of how long it took, where the time went', () => {
    const { keyFigures, phases, slowest } = viewOf(summaryWith({ elapsedMs: 7_300_000 }));
    expect(keyFigures.find(({ of }) => of === 'time')?.text).toMatch(/^2 h 2 min = wait 100 ms \+ features 300 ms/);
    expect(phases.map(({ phase }) => phase)).toEqual(['wait features', 'features', 'scoring', 'wait report', 'report']);
    expect(slowest).toEqual({ phase: 'scoring, <0.1%', step: 'ats, 12.5 ms per member' });
  });

  it('is, of a file that could not be used, nothing that never happened', () => {
    const phases: Summary['phases'] = [
      { phase: 'wait features', durationMs: 10 },
      { phase: 'features', durationMs: 50 },
      { phase: 'scoring', durationMs: 15 },
      { phase: 'wait report', durationMs: 5 },
      { phase: 'report', durationMs: 20 },
    ];
    const steps = [step('read', 1), step('ats', 0), step('total', 0), step('wait predict', 0), step('report', 1)];
    const view = viewOf(failedSummary({ phases, steps, elapsedMs: 100 }));
    expect(view.steps.map((row) => row.step)).toEqual(['read', 'report']);
    expect(view.requests).toEqual([]);
    expect(view.keyFigures.map(({ of }) => of)).toEqual(['members', 'rows', 'time']);
    // What passed between the stages is waiting, so that shares add up to one.
    expect(view.phases.map(({ phase, share }) => [phase, share])).toEqual([
      ['wait features', 0.1],
      ['features', 0.5],
      ['wait report', 0.2],
      ['report', 0.2],
    ]);
  });

  it('folds what there is no room for, and never a single line', () => {
    const offers = { A: 5, B: 4, C: 3 };
    const shown = (most: number) => viewOf(summaryWith({ offers }), { offers: most }).offers.map(({ name }) => name);
    expect([shown(1), shown(2)]).toEqual([
      ['A', '2 other offers'],
      ['A', 'B', 'C'],
    ]);
    const rejections = [9, 4, 2].map((rows) => ({ problem: `problem ${rows}`, rows }));
    const { rejections: problems } = viewOf(summaryWith({ rejections }), { rejections: 1 });
    expect(problems.map(({ problem, count }) => [problem, count])).toEqual([
      ['problem 9', 9],
      ['2 other problems', 6],
    ]);
  });

  it('cuts long names visibly, and leaves emoji that are joined whole', () => {
    const offers = { [`${'x'.repeat(58)}👨‍👩‍👧‍👦y`]: 5, '': 1 };
    expect(viewOf(summaryWith({ offers })).offers.map(({ name }) => name)).toEqual([`${'x'.repeat(58)}…`, '(no name)']);
  });

  it('is not among the steps of the service when it is a feature, by whatever name', () => {
    const { steps } = viewOf(summaryWith({ steps: [step('total', 9), step('LATER', 9), step('wait report', 1)] }));
    expect(steps.map(({ step: name, isDetail }) => [name, isDetail])).toEqual([
      ['total', false],
      ['LATER', true],
      ['wait report', true],
    ]);
  });
});

describe('requests', () => {
  const shown = (requests: Summary['requests']) => {
    const { keyFigures, sharedRequests, steps, slowest } = viewOf(summaryWith({ requests }));
    const text = keyFigures.find(({ of }) => of === 'requests')?.text;
    return { text, sharedRequests, rates: steps.map((row) => [row.step, row.requests]), slowest: slowest?.step };
  };

  it('about several members each say so, with how many there were a second, and whose time it is', () => {
    const { text, sharedRequests, rates, slowest } = shown(BATCHED);
    expect(text).toBe('11 = 6 ATS + 5 RESP; 1 retry among them, 0 calls failed for good, 200 members per request');
    expect(sharedRequests?.sentence).toBe(
      "A request was for 200 members on average; each of them has that request's time.",
    );
    expect(rates).toEqual([
      ['read', ''],
      ['ats', '6/s × 200 members'],
      ['resp', '5/s × 200 members'],
      ['offer', ''],
      ['report', ''],
    ]);
    expect(slowest).toBe('ats, 12.5 ms per request of 200 members');
  });

  it('about more members at one endpoint than at another say from how many to how many', () => {
    const offer = { sent: 1000, retries: 0, rows: 1000, failed: 0, requestsPerSecond: 1000, rowsPerSecond: 1000 };
    // 999 rows in 6 requests.
    const ats = { sent: 6, retries: 0, rows: 999, failed: 0 };
    const { text, sharedRequests, rates } = shown({ ...BATCHED, ats, offer });
    expect(text).toMatch(/, 1 to 200 members per request$/);
    expect(sharedRequests?.sentence).toMatch(/^A request was for 1 to 200 members on average, by endpoint; each/);
    // How long it took altogether is not known.
    expect(rates).toContainEqual(['ats', '167 members']);
    expect(rates).toContainEqual(['offer', '']);
  });

  it.each([
    ['as they do not say', { sent: 4, retries: 0, failed: 0 }],
    ['as they say', { sent: 4, retries: 0, rows: 4, failed: 0, requestsPerSecond: 4, rowsPerSecond: 4 }],
    ['as good as', { sent: 1000, retries: 0, rows: 1004, failed: 0, requestsPerSecond: 4, rowsPerSecond: 4 }],
    ['because there are none', { sent: 0, retries: 0, rows: 0, failed: 4 }],
  ])('about one member each, %s, say nothing of that', (_, ats) => {
    const { text, sharedRequests, rates } = shown({ ats });
    expect(text).toMatch(/; 0 retries among them, [04] calls failed for good$/);
    expect(sharedRequests).toBeUndefined();
    expect(rates).toContainEqual(['ats', '']);
  });
});

describe('where offers part', () => {
  const sentenceOf = (changes: Partial<typeof boundary>) =>
    viewOf(summaryWith({ boundaries: [{ ...boundary, ...changes }] })).boundaries[0];

  it('is told with as many digits as it takes to tell both sides apart', () => {
    expect(sentenceOf({ highestBelow: 199.99996, lowestAbove: 200.00003, near: 12 })).toBe(
      'LOW ends at ATS × RESP = 199.99996, HIGH begins at 200.00003; 12 members (1.2%) are within a tenth of it.',
    );
  });

  it('is told briefly when that is clear', () => {
    expect(sentenceOf({ highestBelow: 199.8123456, lowestAbove: 200.1, near: 1 })).toBe(
      'LOW ends at ATS × RESP = 199.812, HIGH begins at 200.1; 1 member (0.1%) is within a tenth of it.',
    );
  });

  it('is the same number where both sides are', () => {
    expect(sentenceOf({ highestBelow: 5, lowestAbove: 5, overlapping: 2 })).toContain('from 5 to 5 occur with either');
  });
});
