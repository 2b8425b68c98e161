/**
 * Works out the figures of a run whose members have an offer of their own each, in a process of its own, and prints how
 * large its summary is:
 *
 *     node tests/unit/report/figures/collect-codes.ts 300000
 */
import { FiguresCollector } from '../../../../lib/report/figures/run-figures.ts';
import { peakMegabytes } from '../../../../local/process/peak-memory.ts';
import { scored } from '../../../builders/members.ts';
import { MANIFEST, result } from '../../../builders/results.ts';

/** As long as an offer may be. */
const LENGTH = 200;

const [members = 0] = process.argv.slice(2).map(Number);
const collector = new FiguresCollector(MANIFEST, { from: 3_000, to: 3_050 });
collector.addBatch(result(1, 1_500, 2_900));
for (let member = 0; member < members; member++) {
  // A string of its own, as one from a result is.
  const code = Buffer.from(`${member}-`.padEnd(LENGTH, 'x')).toString();
  collector.addMember(scored(`M${member}`, (member * 7919) % 10_007, (member % 1000) / 1000, code));
}
const { summary, predictionCells } = collector.figures(3_250);
const { offers, otherOffers } = summary;
const megabytes = Math.round(peakMegabytes());
console.log(
  JSON.stringify({
    named: Object.keys(offers).length,
    otherOffers,
    cells: predictionCells.length,
    summaryBytes: JSON.stringify(summary).length,
    megabytes,
  }),
);
