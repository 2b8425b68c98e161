import { type ComponentChildren, h, type JSX } from 'preact';
import { CALLS } from '../../../calls.ts';
import type { Summary } from '../../../run/summary.ts';
import { formatDuration } from '../../../timing/duration.ts';
import type { Step } from '../../../timing/step-timer.ts';
import type { RunFigures } from '../../figures/run-figures.ts';
import { counted, formatCount, formatMs, formatRate, formatShare, shareOf } from '../../view/numbers.ts';
import { latencyChart } from '../charts/latency-chart.ts';
import { figure, section, type TableColumn, table } from '../elements/markup.ts';

/** How long calls and all other steps took; nothing when nothing was timed. */
export function latencySection({ summary, latencyBins }: RunFigures): JSX.Element | undefined {
  const timed = summary.steps.filter(({ count }) => count > 0);
  if (timed.length === 0) return undefined;
  const called = latencyBins.length > 0;
  return section(
    'latency',
    called ? 'How fast the endpoints answered' : 'How long every step took',
    called && latencyFigure(timed, latencyBins),
    table('Every step, in milliseconds', columnsFor(summary), timed),
  );
}

function latencyFigure(steps: readonly Step[], bins: RunFigures['latencyBins']): JSX.Element {
  const calls = steps.filter(({ step }) => CALLS.some((call) => call === step));
  const described = calls.map(({ step, count, p50Ms, p99Ms, maxMs }) => {
    const most = `99% within ${formatDuration(p99Ms)}, slowest ${formatDuration(maxMs)}`;
    return `${step.toUpperCase()}: ${counted(count, 'call')}, half within ${formatDuration(p50Ms)}, ${most}`;
  });
  return figure(
    `Distribution of answer times per endpoint. ${described.join('; ')}.`,
    'Members’ calls by how long they took, retries included. Each mark on the time axis is a multiple of the one before.',
    (width) => latencyChart(bins, steps, width),
  );
}

/** Names of features are long; on a phone they go on in a new line after an underscore. */
function breakable(name: string): ComponentChildren[] {
  return name.split(/(?<=_)/).flatMap((part) => [part, h('wbr', null)]);
}

function columnsFor({ elapsedMs }: Summary): TableColumn<Step>[] {
  const share = ({ span }: Step) => (span === undefined ? '–' : formatShare(shareOf(span.to - span.from, elapsedMs)));
  const durations: [string, (step: Step) => number][] = [
    ['Mean', (step) => step.meanMs],
    ['p50', (step) => step.p50Ms],
    ['p90', (step) => step.p90Ms],
    ['p95', (step) => step.p95Ms],
    ['p99', (step) => step.p99Ms],
    ['Max', (step) => step.maxMs],
  ];
  return [
    { name: 'Step', cell: ({ step }) => breakable(step) },
    { name: 'Timed', numeric: true, cell: ({ count }) => formatCount(count) },
    ...durations.map(([name, of]) => ({ name, numeric: true, cell: (step: Step) => formatMs(of(step)) })),
    {
      name: 'Per second',
      numeric: true,
      cell: ({ throughputPerSecond, items }) => `${formatRate(throughputPerSecond)} ${items}`,
    },
    { name: 'Of the run', numeric: true, cell: share },
  ];
}
