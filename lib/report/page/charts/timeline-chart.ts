import type { CustomSeriesOption } from 'echarts/charts';
import { READ, REPORT, TRANSFORM, WAIT, WRITE_BATCHES } from '../../../timing/steps.ts';
import { type Activity, type Lane, SCORE } from '../../figures/timeline.ts';
import { categoryAxis, type Drawing, valueAxis, type Width } from './chart.ts';
import { durationScale } from './scales.ts';

/** The name and colour of each activity, in the order of a run. */
export const ACTIVITIES: readonly { activity: Activity; name: string; colour: string }[] = [
  { activity: WAIT, name: 'wait (thin)', colour: 'var(--muted)' },
  { activity: READ.step, name: 'read the file', colour: 'var(--c1)' },
  { activity: TRANSFORM.step, name: 'compute features', colour: 'var(--c2)' },
  { activity: WRITE_BATCHES.step, name: 'write batches', colour: 'var(--c5)' },
  { activity: SCORE, name: 'score members', colour: 'var(--c3)' },
  { activity: REPORT.step, name: 'write the report', colour: 'var(--c4)' },
];

const AXIS_HEIGHT = 30;
const TICKS: Record<Width, number> = { wide: 8, narrow: 3 };

/** Waits are thin, so that they can be distinguished from work without colour. */
const WAIT_HEIGHT = 0.22;
const WORK_HEIGHT = 0.72;
const MIN_WIDTH = 1.5;

/** The wall clock of all lanes, milliseconds since the epoch. */
export function runSpan(lanes: readonly Lane[]): { from: number; to: number } {
  const segments = lanes.flatMap((lane) => lane.segments);
  return {
    from: segments.reduce((least, { from }) => Math.min(least, from), Number.POSITIVE_INFINITY),
    to: segments.reduce((most, { to }) => Math.max(most, to), Number.NEGATIVE_INFINITY),
  };
}

/** The timeline of a run, with a lane for each function. */
export function timelineChart(lanes: readonly Lane[], width: Width): Drawing {
  const { from, to } = runSpan(lanes);
  const scale = durationScale(to - from, TICKS[width]);
  const place = (time: number) => scale.place(time - from);
  const pitch = lanes.length > 12 ? 15 : 26;
  const names = categoryAxis(lanes.map(({ name }) => name));
  const longest = Math.max(...lanes.map(({ name }) => name.length));
  return {
    height: lanes.length * pitch + AXIS_HEIGHT + 6,
    option: {
      grid: { left: longest * 6.8 + 14, right: 28, top: 6, bottom: AXIS_HEIGHT },
      xAxis: valueAxis(scale),
      yAxis: { ...names, axisLabel: { ...names.axisLabel, fontSize: 11, interval: 0 } },
      series: lanes.flatMap((lane, index) => lane.segments.map((segment) => segmentSeries(segment, index, place))),
    },
  };
}

function segmentSeries(
  segment: Lane['segments'][number],
  lane: number,
  place: (time: number) => number,
): CustomSeriesOption {
  const colour = ACTIVITIES.find(({ activity }) => activity === segment.activity)?.colour ?? 'var(--muted)';
  const share = segment.activity === WAIT ? WAIT_HEIGHT : WORK_HEIGHT;
  return {
    type: 'custom',
    data: [[place(segment.from), lane]],
    renderItem: (_params, api) => {
      const [left = 0, middle = 0] = api.coord([place(segment.from), lane]);
      const [right = 0] = api.coord([place(segment.to), lane]);
      const [, below = 0] = api.coord([0, lane + 1]);
      const height = Math.abs(below - middle || 20) * share;
      const width = Math.max(MIN_WIDTH, right - left);
      return { type: 'rect', shape: { x: left, y: middle - height / 2, width, height }, style: { fill: colour } };
    },
  };
}
