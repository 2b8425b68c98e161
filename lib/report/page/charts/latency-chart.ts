import type { Call } from '../../../calls.ts';
import { formatDuration } from '../../../timing/duration.ts';
import type { Step } from '../../../timing/step-timer.ts';
import type { LatencyBin } from '../../figures/latency-bins.ts';
import { plainText } from '../../view/plain-text.ts';
import { chartText, type Drawing, TEXT_COLOUR, valueAxis, type Width } from './chart.ts';
import { linePath, type Point, pathSeries } from './path-series.ts';
import { countScale, logScale } from './scales.ts';

const PANEL_PITCH = 124;
const PANEL_HEIGHT = 76;
const TITLE_HEIGHT = 24;

const MAX_TICKS: Record<Width, number> = { wide: 12, narrow: 5 };

/** How long a run's calls took. */
export interface CallLatencies {
  bins: readonly LatencyBin[];
  calls: readonly Call[];
  steps: readonly Step[];
}

/** The histograms of the calls' durations: a panel for each endpoint, all on the same time scale. */
export function latencyChart({ bins, calls: all, steps }: CallLatencies, width: Width): Drawing {
  const calls = all.filter((call) => bins.some((bin) => membersIn(bin, call) > 0));
  const time = logScale(bins[0]?.fromMs ?? 1, bins.at(-1)?.toMs ?? 10, MAX_TICKS[width]);
  const most = bins.reduce((max, bin) => Math.max(max, ...calls.map((call) => membersIn(bin, call))), 0);
  const counts = countScale(most, 2);
  return {
    height: calls.length * PANEL_PITCH + 6,
    option: {
      title: calls.map((call, index) => ({
        text: titleOf(call, steps),
        left: 0,
        top: index * PANEL_PITCH,
        padding: [2, 0],
        textStyle: { color: TEXT_COLOUR, fontSize: 12, fontWeight: 'bold' },
      })),
      grid: calls.map((_, index) => ({
        left: 44,
        right: 24,
        top: index * PANEL_PITCH + TITLE_HEIGHT,
        height: PANEL_HEIGHT - 6,
      })),
      xAxis: calls.map((_, gridIndex) => ({ ...valueAxis(time), gridIndex })),
      yAxis: calls.map((_, gridIndex) => ({ ...valueAxis(counts), gridIndex })),
      series: calls.map((call, index) => {
        const points = outline(bins, (bin) => counts.place(membersIn(bin, call)), time.place);
        const { colour } = call;
        const style = { fill: colour, fillOpacity: 0.3, stroke: colour, lineWidth: 1.5 };
        return pathSeries(points, linePath, style, index);
      }),
    },
  };
}

function membersIn({ members }: LatencyBin, { name }: Call): number {
  return members[name] ?? 0;
}

function titleOf(call: Call, steps: readonly Step[]): string {
  const step = steps.find((candidate) => candidate.step === call.name);
  const name = chartText(plainText(call.label));
  if (step === undefined || step.count === 0) return name;
  return `${name}: median ${formatDuration(step.p50Ms)}, 99% within ${formatDuration(step.p99Ms)}`;
}

/** The outline of a histogram: a step at the beginning of each bin, and down to the axis at the end of the last. */
function outline(
  bins: readonly LatencyBin[],
  height: (bin: LatencyBin) => number,
  place: (ms: number) => number,
): Point[] {
  const steps = bins.flatMap((bin) => [
    { x: place(bin.fromMs), y: height(bin) },
    { x: place(bin.toMs), y: height(bin) },
  ]);
  return [{ x: 0, y: 0 }, ...steps, { x: 1, y: 0 }];
}
