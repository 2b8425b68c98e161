import { type ComponentChildren, h, type JSX } from 'preact';
import { counted } from '../../../counted.ts';
import { formatDuration } from '../../../timing/duration.ts';
import type { RunFigures } from '../../figures/run-figures.ts';
import { formatMs } from '../../view/numbers.ts';
import { plainText } from '../../view/plain-text.ts';
import { type RequestRow, STEP_TIMES, type StepRow } from '../../view/times.ts';
import type { RunView } from '../../view/view.ts';
import { type CallLatencies, latencyChart } from '../charts/latency-chart.ts';
import { figure, section, type TableColumn, table } from '../elements/markup.ts';

/** How long calls and all other steps took; undefined when nothing was timed. */
export function latencySection(
  { steps, requests, calls, sharedRequests }: RunView,
  { summary, latencyBins }: RunFigures,
): JSX.Element | undefined {
  if (steps.length === 0) return undefined;
  const called = latencyBins.length > 0;
  return section(
    'latency',
    called ? 'How long calls to the endpoints took' : 'How long every step took',
    called && latencyFigure(requests, { bins: latencyBins, calls: calls.all, steps: summary.steps }, sharedRequests),
    table(
      'Every step: how often what was timed, for how many ms, and its share of the run',
      columnsOf(sharedRequests),
      steps,
    ),
  );
}

const CAPTION =
  'Calls for which a request was sent, answered or not, by how long they took with their retries. Each mark on the time axis is a multiple of the one before.';

function latencyFigure(
  requests: readonly RequestRow[],
  timed: CallLatencies,
  sharedRequests: RunView['sharedRequests'],
): JSX.Element {
  const described = requests.flatMap(({ label, step }) => (step === undefined ? [] : [describe(label, step)]));
  return figure(
    plainText(`Distribution of the durations of calls per endpoint. ${described.join('; ')}.`),
    [CAPTION, ...(sharedRequests === undefined ? [] : [sharedRequests.sentence])].join(' '),
    (width) => latencyChart(timed, width),
  );
}

function describe(label: string, { count, times }: StepRow): string {
  const said = (name: (typeof STEP_TIMES)[number]) => formatDuration(times[STEP_TIMES.indexOf(name)] ?? 0);
  const most = `99% within ${said('p99')}, slowest ${said('max')}`;
  return `${label}: ${counted(count, 'call')}, half within ${said('p50')}, ${most}`;
}

/** Lets a long feature name continue on a new line after an underscore, for phones. */
function breakable(name: string): ComponentChildren[] {
  return name.split(/(?<=_)/).flatMap((part) => [part, h('wbr', null)]);
}

function columnsOf(sharedRequests: RunView['sharedRequests']): TableColumn<StepRow>[] {
  return [
    { name: 'Step', cell: ({ step }) => breakable(step) },
    { name: 'Timed', numeric: true, cell: ({ timed }) => timed },
    ...STEP_TIMES.map((name, index) => ({
      name,
      numeric: true,
      cell: ({ times }: StepRow) => formatMs(times[index] ?? 0),
    })),
    { name: 'Throughput', numeric: true, cell: ({ throughput }) => throughput },
    ...(sharedRequests === undefined
      ? []
      : [{ name: 'Requests', numeric: true, cell: ({ requests }: StepRow) => requests }]),
    { name: 'Share', numeric: true, cell: ({ shareText }) => shareText },
  ];
}
