import { viewOf } from '../../../../lib/report/view/view.ts';
import { costLines } from '../../../../lib/report/workbook/summary-cost.ts';
import { COST, COST_BASIS } from '../../../builders/cost.ts';
import { summaryWith } from '../../../builders/summaries.ts';

const linesFor = (cost: typeof COST | undefined) =>
  costLines(viewOf(summaryWith({ ...(cost && { cost }) })).cost).map(({ cells }) => cells.map((cell) => cell?.value));

describe('the cost on the Summary', () => {
  it('is given by function, with what it is worked out from', () => {
    expect(linesFor(COST)).toEqual([
      [],
      ['What it costs on AWS, estimated'],
      [undefined, 'USD', 'Invocations', 'Seconds', 'Memory, MB', 'S3 requests'],
      ['In all', 0.04125],
      ['predict', 0.04, 12, 80.5, 1024, 120],
      ['report', 0.00125, 1, 0.75, 2048, 19],
      [COST_BASIS],
    ]);
  });

  it('says when something is missing', () => {
    expect(linesFor({ ...COST, isLowerBound: true }).at(-1)).toEqual([
      `${COST_BASIS} The run costs more than that: some invocations did not record what they used.`,
    ]);
  });

  it('is left out where it is not known', () => {
    expect(linesFor(undefined)).toEqual([]);
  });
});
