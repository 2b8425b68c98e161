import type { JSX } from 'preact';
import { counted } from '../../../counted.ts';
import { formatDuration } from '../../../timing/duration.ts';
import { WAIT } from '../../../timing/steps.ts';
import type { RunFigures } from '../../figures/run-figures.ts';
import type { Lane } from '../../figures/timeline.ts';
import type { PhaseRow } from '../../view/times.ts';
import type { RunView } from '../../view/view.ts';
import { ACTIVITIES, runSpan, timelineChart } from '../charts/timeline-chart.ts';
import { figure, legend, section, shareBar, table } from '../elements/markup.ts';

/** The timeline of the run and its phases; undefined when there are none. */
export function timelineSection({ phases }: RunView, { lanes }: RunFigures): JSX.Element | undefined {
  const drawn = lanes.filter(({ segments }) => segments.length > 0);
  if (drawn.length === 0 && phases.length === 0) return undefined;
  return section(
    'timeline',
    'When what happened',
    drawn.length > 0 && timelineFigure(drawn, phases),
    phasesTable(phases),
  );
}

function timelineFigure(lanes: readonly Lane[], phases: readonly PhaseRow[]): JSX.Element {
  const { from, to } = runSpan(lanes);
  const used = ACTIVITIES.filter(({ activity }) =>
    lanes.some(({ segments }) => segments.some((segment) => segment.activity === activity)),
  );
  const described = phases.map(({ phase, duration }) => `${phase} ${duration}`).join(', ');
  return figure(
    `Timeline of ${counted(lanes.length, 'lane')} over ${formatDuration(to - from)}. One after the other: ${described}.`,
    'Time since the upload; a lane for each function, or for several batches next to each other',
    (width) => timelineChart(lanes, width),
    legend(used.map(({ activity, name, colour }) => ({ name, colour, shape: activity === WAIT ? 'thin' : 'bar' }))),
  );
}

function phasesTable(phases: readonly PhaseRow[]): JSX.Element {
  return table(
    'Where the time went',
    [
      { name: 'Phase', cell: ({ phase }) => phase },
      { name: 'Duration', numeric: true, cell: ({ duration }) => duration },
      { name: 'Share', numeric: true, cell: ({ shareText }) => shareText },
      { name: '', cell: ({ share }) => shareBar(share) },
      { name: 'What happens', cell: ({ note }) => note },
    ],
    phases,
  );
}
