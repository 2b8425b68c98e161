import type { OfferRow } from '../view/offers.ts';
import { SPREAD_COLUMNS, type SpreadRow } from '../view/spreads.ts';
import { type RequestRow, STEP_TIMES } from '../view/times.ts';
import type { RunView } from '../view/view.ts';
import {
  bar,
  caption,
  heading,
  heightOf,
  type Line,
  label,
  MS_FORMAT,
  number,
  remark,
  SHARE_FORMAT,
  text,
  WHOLE_FORMAT,
} from './cells.ts';
import { OFFERS_SHEET } from './offers-table.ts';

/** The right half of the sheet Summary: the offers, the predictions and the times. Six columns wide. */

const COLUMNS = 6;
const BAR_LENGTH = 34;
const TEXT_WIDTH = 80;

/** How many characters fit on a line of the columns after the first. */
const SENTENCE_WIDTH = 76;

/** How many characters fit on a line of the first column. */
const NAME_WIDTH = 28;

const SECONDS_FORMAT = '#,##0.000 "s"';

const MEAN_FORMAT = '#,##0.0';

/** The columns of `STEP_TIMES` that there is room for. */
const SHOWN_TIMES = ['p50', 'p99'] as const;

/** The offers of most members, with their share of all members that have an offer. */
export function offerLines(offers: readonly OfferRow[]): Line[] {
  return [
    section('Who gets which offer'),
    ...(offers.length === 0 ? [{ cells: [label('Nobody.', COLUMNS)] }] : []),
    ...(offers.length > 0 ? [{ cells: [undefined, caption('Members'), caption('Share')] }] : []),
    ...offers.map(({ offer, name, members, share }): Line => {
      const cells = [text(name), number(members, WHOLE_FORMAT), number(share, SHARE_FORMAT)];
      // The others together get no bar: it could be the longest, although each of these offers is small.
      const beside = offer === undefined ? remark(`each is in the sheet ${OFFERS_SHEET}`, COLUMNS - 3) : wideBar(share);
      return { cells: [...cells, beside], height: heightOf(name, NAME_WIDTH) };
    }),
  ];
}

export function spreadLines(spreads: readonly SpreadRow[]): Line[] {
  if (spreads.length === 0) return [];
  return [
    { cells: [] },
    section('What the models predict'),
    { cells: [undefined, ...SPREAD_COLUMNS.map((name) => caption(name))] },
    ...spreads.map(({ name, values, format }): Line => {
      const cells = [text(name), ...values.map((value) => number(value, format))];
      return { cells, height: heightOf(name, NAME_WIDTH) };
    }),
  ];
}

export function boundaryLines(boundaries: readonly string[]): Line[] {
  if (boundaries.length === 0) return [];
  const lines = boundaries.map((sentence): Line => {
    return { cells: [text(sentence, COLUMNS)], height: heightOf(sentence, TEXT_WIDTH) };
  });
  return [{ cells: [] }, section('How near members are to another offer'), ...lines];
}

export function durationLines({ phases, slowest }: RunView, elapsedMs: number): Line[] {
  if (phases.length === 0) return [];
  return [
    { cells: [] },
    section('How long it took'),
    { cells: [text('From upload to report'), number(elapsedMs / 1000, SECONDS_FORMAT), number(1, SHARE_FORMAT)] },
    ...phases.map(({ phase, durationMs, share }): Line => {
      const cells = [label(phase), number(durationMs / 1000, SECONDS_FORMAT), number(share, SHARE_FORMAT)];
      return { cells: [...cells, wideBar(share)] };
    }),
    ...slowestLines(slowest),
  ];
}

function slowestLines(slowest: RunView['slowest']): Line[] {
  if (slowest === undefined) return [];
  const { phase, step } = slowest;
  const sentence = step === undefined ? phase : `${phase}; its slowest step: ${step} on average`;
  return [{ cells: [label('Slowest'), text(sentence, COLUMNS - 1)], height: heightOf(sentence, SENTENCE_WIDTH) }];
}

export function requestLines(requests: readonly RequestRow[]): Line[] {
  if (requests.length === 0) return [];
  const columns = ['Sent', 'of them retries', 'Calls failed', ...SHOWN_TIMES.map((time) => `${time}, ms`)];
  return [
    { cells: [] },
    section('Requests to the endpoints'),
    { cells: [undefined, ...columns.map((name) => caption(name))] },
    ...requests.map(({ label: name, sent, retries, failed, step }): Line => {
      const counts = [sent, retries, failed].map((value) => number(value, WHOLE_FORMAT));
      const times = SHOWN_TIMES.map((time) => number(step?.times[STEP_TIMES.indexOf(time)], MS_FORMAT));
      return { cells: [text(name), ...counts, ...times] };
    }),
    ...perRequestLines(requests),
  ];
}

/** Where requests were for several members: how many, and how many requests and members there were a second. */
function perRequestLines(requests: readonly RequestRow[]): Line[] {
  const batched = requests.filter(({ perRequest }) => perRequest !== undefined);
  if (batched.length === 0) return [];
  const columns = ['Members each', 'Requests/s', 'Members/s'];
  return [
    { cells: [undefined, ...columns.map((name) => caption(name))] },
    ...batched.map(({ label: name, perRequest, step }): Line => {
      const values = [perRequest?.members, perRequest?.requestsPerSecond, step?.throughputPerSecond];
      return { cells: [text(name), ...values.map((value) => number(value, MEAN_FORMAT))] };
    }),
  ];
}

function section(name: string): Line {
  return { cells: [heading(name, COLUMNS)] };
}

function wideBar(share: number) {
  return { ...bar(share, BAR_LENGTH), columns: COLUMNS - 3 };
}
