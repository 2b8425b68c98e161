import { endMessage } from '../../../../lib/notification/message.ts';
import { renderPage } from '../../../../lib/report/page/page.ts';
import { lossesView } from '../../../../lib/report/view/losses.ts';
import { viewOf } from '../../../../lib/report/view/view.ts';
import { MISSING_TABLE } from '../../../../lib/report/workbook/missing-table.ts';
import type { Losses } from '../../../../lib/transactions/row-account.ts';
import { summaryText } from '../../../../scripts/shared/summary/summary-text.ts';
import { someFigures } from '../../../builders/figures.ts';
import { summaryWith } from '../../../builders/summaries.ts';

const first = ['ANNA', 'BERT', 'CARL'].map((memberId, index) => {
  return { memberId, rows: 1 + index, line: 10 + index, reason: `SPEND "${index}" is not a number` };
});
const LOSSES: Losses = {
  incomplete: { members: 1200, rows: 1300 },
  missing: { members: 5, rows: 9, first },
  unknownRows: 0,
};
const none = { members: 0, rows: 0 };

describe('what members lack because rows were rejected', () => {
  it('is told in a few words, with the rows', () => {
    const rows = (losses: Losses) => viewOf(summaryWith({ losses })).keyFigures.find(({ of }) => of === 'rows');
    expect(rows(LOSSES)?.text).toMatch(/; 7 blank values; 1,205 members lack rows, 5 of them all$/);
    expect(rows(LOSSES)?.headline.notes).toContain('1,205 members lack rows, 5 of them all');
    expect(rows(LOSSES)?.parts.slice(-2)).toEqual([
      { name: 'Members without some of their rows', value: 1200 },
      { name: 'Members without any row', value: 5 },
    ]);
  });

  it.each([
    [{ ...LOSSES, incomplete: { members: 1, rows: 3 }, missing: { ...none, first: [] } }, '1 member lacks rows'],
    [{ ...LOSSES, isLowerBound: true }, 'at least 1,205 members lack rows, 5 of them all'],
  ])('is told as it is', (losses, text) => {
    expect(lossesView({ losses }, 1)?.text).toBe(text);
  });

  it('is not told when nobody lacks any, as far as that is known', () => {
    const losses = { incomplete: none, missing: { ...none, first: [] }, unknownRows: 4 };
    expect(lossesView({ losses }, 1)).toBeUndefined();
    expect(lossesView({}, 1)).toBeUndefined();
  });

  it('lists who lacks all, as far as there is room, and counts the others', () => {
    expect(lossesView({ losses: LOSSES }, 1)?.missingRows).toEqual([
      { memberId: 'ANNA', rows: 1, rowsText: '1', line: 10, reason: 'SPEND "0" is not a number' },
      { memberId: undefined, rows: 8, rowsText: '8', line: undefined, reason: '4 other members' },
    ]);
    const rows = viewOf(summaryWith({ losses: LOSSES })).losses?.missingRows ?? [];
    expect(rows.map((row) => MISSING_TABLE.columns.map(({ value }) => value(row)))).toEqual([
      ['ANNA', 1, 10, 'SPEND "0" is not a number'],
      ['BERT', 2, 11, 'SPEND "1" is not a number'],
      ['CARL', 3, 12, 'SPEND "2" is not a number'],
      [undefined, 3, undefined, '2 other members'],
    ]);
  });

  it('is on the page, with names where members lack all, and on the terminal and in the message without', () => {
    const summary = summaryWith({ losses: LOSSES });
    const page = renderPage(someFigures({ summary: { losses: LOSSES } }));
    expect(page).toContain('All rows of 5 members were rejected');
    expect(page).toContain('line 11: SPEND &quot;1&quot; is not a number');
    expect(renderPage(someFigures())).not.toContain('Members without any row');
    for (const text of [summaryText(summary, undefined), endMessage(summary, undefined).text]) {
      expect(text.replace(/\s+/g, ' ')).toContain('1,205 members lack rows, 5 of them all');
      expect(text).not.toContain('ANNA');
    }
  });

  it('makes the message tell how many rows were rejected, where these are too many', () => {
    const rows = { read: 40, accepted: 30, rejected: 10, imputed: 0 };
    const reason = 'too many';
    const status = 'PARTIAL';
    const { subject } = endMessage(summaryWith({ rows, status, reason, maxRejectedShare: 0.05 }), undefined);
    expect(subject).toBe('Member offers: PARTIAL, 1,000 members, 10 of 40 rows rejected (members.csv)');
    const members = { total: 10, scored: 9, failed: 1 };
    const failures = [{ step: 'ats', status: 500, attempts: 1, message: '', calls: 1, example: 'of ANNA' }];
    const { text } = endMessage(
      summaryWith({ rows, status, reason, members, failures, maxRejectedShare: 0.05 }),
      undefined,
    );
    expect(text).toMatch(
      /^PARTIAL: 1 of 10 members could not be scored; most often: 1 × ATS with HTTP 500\. 10 of 40 rows were rejected, more than the 5% that the partner's file allows \(maxRejectedShare\)\. The report says why\.\n/,
    );
  });
});
