import type { JSX } from 'preact';
import type { Phase, Summary } from '../../../run/summary.ts';
import { formatDuration } from '../../../timing/duration.ts';
import type { RunFigures } from '../../figures/run-figures.ts';
import type { Lane } from '../../figures/timeline.ts';
import { counted, formatShare, shareOf } from '../../view/numbers.ts';
import { PHASE_NOTES } from '../../view/wording.ts';
import { ACTIVITIES, runSpan, timelineChart } from '../charts/timeline-chart.ts';
import { figure, legend, section, shareBar, table } from '../elements/markup.ts';

/** When what happened in the run. */
export function timelineSection({ summary, lanes }: RunFigures): JSX.Element | undefined {
  const drawn = lanes.filter(({ segments }) => segments.length > 0);
  if (drawn.length === 0 && summary.phases.length === 0) return undefined;
  return section(
    'timeline',
    'When what happened',
    drawn.length > 0 && timelineFigure(drawn, summary),
    phasesTable(summary),
  );
}

function timelineFigure(lanes: readonly Lane[], { phases }: Summary): JSX.Element {
  const { from, to } = runSpan(lanes);
  const used = ACTIVITIES.filter(({ activity }) =>
    lanes.some(({ segments }) => segments.some((segment) => segment.activity === activity)),
  );
  const described = phases.map(({ phase, durationMs }) => `${phase} ${formatDuration(durationMs)}`).join(', ');
  return figure(
    `Timeline of ${counted(lanes.length, 'lane')} over ${formatDuration(to - from)}. One after the other: ${described}.`,
    'Time since the upload; a lane for each function, or for several batches next to each other',
    (width) => timelineChart(lanes, width),
    legend(used.map(({ activity, name, colour }) => ({ name, colour, shape: activity === 'wait' ? 'thin' : 'bar' }))),
  );
}

function phasesTable({ phases, elapsedMs }: Summary): JSX.Element {
  const share = ({ durationMs }: Phase) => shareOf(durationMs, elapsedMs);
  return table(
    'Where the time went',
    [
      { name: 'Phase', cell: ({ phase }) => phase },
      { name: 'Duration', numeric: true, cell: ({ durationMs }) => formatDuration(durationMs) },
      { name: 'Share', numeric: true, cell: (phase) => formatShare(share(phase)) },
      { name: '', cell: (phase) => shareBar(share(phase)) },
      { name: 'What happens', cell: ({ phase }) => PHASE_NOTES[phase] },
    ],
    phases,
  );
}
