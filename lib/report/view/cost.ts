import type { Cost } from '../../cost/usage.ts';
import { estimatedUsd, formatUsd, NOT_IN_ESTIMATES } from '../../cost/usd.ts';
import type { Summary } from '../../run/summary.ts';

type StageCost = Cost['stages'][number];

/** The cost of the run on AWS. */
export interface CostView {
  /** In one line. */
  text: string;
  usd: number;
  usdText: string;
  stages: readonly (StageCost & { usdText: string })[];
  /** What the estimate is based on, and what it leaves out. */
  basis: string;
}

/** Undefined when the cost is not known. */
export function costView({ cost }: Summary): CostView | undefined {
  if (cost === undefined) return undefined;
  const { region, asOf } = cost.prices;
  const stages = cost.stages.map((stage) => ({ ...stage, usdText: formatUsd(stage.usd) }));
  const parts = stages.map(({ name, usdText }) => `${name} ${usdText}`).join(' + ');
  return {
    text: `${estimatedUsd(cost)} on AWS (${region}, ${asOf}) = ${parts}`,
    usd: cost.usd,
    usdText: formatUsd(cost.usd),
    stages,
    basis: basisOf(cost),
  };
}

function basisOf({ prices, isLowerBound }: Cost): string {
  const more = isLowerBound ? ' The run costs more than that: some invocations did not record what they used.' : '';
  return `Estimated from the functions' memory, time and requests to S3 until they stored their results, at AWS's prices of ${prices.region} in ${prices.asOf} without free tiers. ${NOT_IN_ESTIMATES}${more}`;
}
