import type { CostView } from '../view/cost.ts';
import { caption, heading, heightOf, type Line, label, number, text, WHOLE_FORMAT } from './cells.ts';

/** The cost of the run, in the right half of the sheet Summary, six columns wide. */

const COLUMNS = 6;
const TEXT_WIDTH = 95;

/** Smaller amounts have more decimal places. */
const USD_FORMAT = '[<0.01]"$"0.000000;[<1]"$"0.0000;"$"#,##0.00';
const SECONDS_FORMAT = '#,##0.00';

/** A line for each function and one for the total; none when the cost is not known. */
export function costLines(cost: CostView | undefined): Line[] {
  if (cost === undefined) return [];
  const columns = ['USD', 'Invocations', 'Seconds', 'Memory, MB', 'S3 requests'];
  return [
    { cells: [] },
    { cells: [heading('What it costs on AWS, estimated', COLUMNS)] },
    { cells: [undefined, ...columns.map((name) => caption(name))] },
    { cells: [text('In all'), number(cost.usd, USD_FORMAT)] },
    ...cost.stages.map(({ name, usd, invocations, seconds, memoryMb, s3 }): Line => {
      const used = [invocations, seconds, memoryMb, s3.writes + s3.reads];
      const formats = [WHOLE_FORMAT, SECONDS_FORMAT, WHOLE_FORMAT, WHOLE_FORMAT];
      const cells = used.map((value, index) => number(value, formats[index] ?? WHOLE_FORMAT));
      return { cells: [label(name), number(usd, USD_FORMAT), ...cells] };
    }),
    { cells: [label(cost.basis, COLUMNS)], height: heightOf(cost.basis, TEXT_WIDTH) },
  ];
}
