import { CALLS, PREDICTION_DEFINITION, PREDICTIONS } from '../../calls.ts';
import { excerpt } from '../../excerpt.ts';
import type { Spread, Summary } from '../../run/summary.ts';
import { formatDuration } from '../../timing/duration.ts';
import { largestOffers } from '../figures/largest-offers.ts';
import { slowestStep } from '../figures/slowest-step.ts';
import { counted, shareOf } from '../view/numbers.ts';
import { boundarySentence } from '../view/wording.ts';
import {
  bar,
  caption,
  heading,
  heightOf,
  type Line,
  label,
  MS_FORMAT,
  number,
  SHARE_FORMAT,
  text,
  WHOLE_FORMAT,
} from './cells.ts';

/** The right half of the Summary: the offers, the predictions and the time. Six columns wide. */

const COLUMNS = 6;
const BAR_LENGTH = 34;
const TEXT_WIDTH = 80;

const MAX_OFFERS = 8;
const MAX_OFFER_LENGTH = 60;
const MAX_BOUNDARIES = 4;

const SECONDS_FORMAT = '#,##0.000 "s"';

/** The most frequent offers, their shares of the members that have one. */
export function offerLines(summary: Summary): Line[] {
  const { named, others } = largestOffers(summary, MAX_OFFERS);
  const rest = { offer: counted(others.offers, 'other offer'), members: others.members };
  const shown = others.offers === 0 ? named : [...named, rest];
  return [
    section('Who gets which offer'),
    { cells: [undefined, caption('Members'), caption('Share')] },
    ...shown.map(({ offer, members }): Line => {
      const share = members / summary.members.scored;
      const cells = [
        text(excerpt(offer, MAX_OFFER_LENGTH)),
        number(members, WHOLE_FORMAT),
        number(share, SHARE_FORMAT),
      ];
      return { cells: [...cells, wideBar(share)] };
    }),
    ...(shown.length === 0 ? [{ cells: [label('Nobody.', COLUMNS)] }] : []),
  ];
}

export function predictionLines({ predictions }: Summary): Line[] {
  if (predictions === undefined) return [];
  const captions = ['Lowest', 'Lower quartile', 'Median', 'Upper quartile', 'Highest'].map((name) => caption(name));
  return [
    { cells: [] },
    section('What the models predict'),
    { cells: [undefined, ...captions] },
    ...PREDICTIONS.flatMap((prediction) => {
      const { label, title, format } = PREDICTION_DEFINITION[prediction];
      const spread = predictions[prediction];
      return spread === undefined ? [] : [spreadLine(`${label}, ${title}`, spread, format)];
    }),
  ];
}

function spreadLine(name: string, spread: Spread, format: string): Line {
  const { min, lowerQuartile, median, upperQuartile, max } = spread;
  const values = [min, lowerQuartile, median, upperQuartile, max];
  return { cells: [text(name), ...values.map((value) => number(value, format))] };
}

export function boundaryLines({ boundaries, members }: Summary): Line[] {
  if (boundaries.length === 0) return [];
  return [
    { cells: [] },
    section('How near members are to another offer'),
    ...boundaries.slice(0, MAX_BOUNDARIES).map((boundary): Line => {
      const sentence = boundarySentence(boundary, members.scored);
      return { cells: [text(sentence, COLUMNS)], height: heightOf(sentence, TEXT_WIDTH) };
    }),
  ];
}

export function durationLines(summary: Summary): Line[] {
  const { elapsedMs, phases, requests } = summary;
  const share = (ms: number) => shareOf(ms, elapsedMs);
  return [
    { cells: [] },
    section('How long it took'),
    { cells: [text('From upload to report'), number(elapsedMs / 1000, SECONDS_FORMAT), number(1, SHARE_FORMAT)] },
    ...phases.map(({ phase, durationMs }): Line => {
      const cells = [label(phase), number(durationMs / 1000, SECONDS_FORMAT), number(share(durationMs), SHARE_FORMAT)];
      return { cells: [...cells, wideBar(share(durationMs))] };
    }),
    ...slowestLines(summary),
    { cells: [] },
    section('Requests to the endpoints'),
    {
      cells: [
        undefined,
        caption('Sent'),
        caption('of them retries'),
        caption('Calls failed'),
        caption('p50, ms'),
        caption('p99, ms'),
      ],
    },
    ...CALLS.map((call): Line => {
      const { sent, retries, failed } = requests[call];
      const step = summary.steps.find((candidate) => candidate.step === call);
      const counts = [sent, retries, failed].map((value) => number(value, WHOLE_FORMAT));
      return {
        cells: [text(call.toUpperCase()), ...counts, number(step?.p50Ms, MS_FORMAT), number(step?.p99Ms, MS_FORMAT)],
      };
    }),
  ];
}

function slowestLines(summary: Summary): Line[] {
  const slowest = slowestStep(summary);
  if (slowest === undefined) return [];
  const { phase, step } = slowest;
  const own =
    phase.phase === step.step
      ? ''
      : `; its slowest step: ${step.step}, ${formatDuration(step.meanMs)} per ${step.unit} on average`;
  return [{ cells: [label('Slowest'), text(`${phase.phase}${own}`, COLUMNS - 1)] }];
}

function section(name: string): Line {
  return { cells: [heading(name, COLUMNS)] };
}

function wideBar(share: number) {
  return { ...bar(share, BAR_LENGTH), columns: COLUMNS - 3 };
}
