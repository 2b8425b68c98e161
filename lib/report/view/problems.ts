import type { Call, Range } from '../../calls.ts';
import { counted, formatCount } from '../../counted.ts';
import { type Failure, PREDICT_STEP } from '../../run/contracts.ts';
import { shownCallsOf } from '../../run/run-definition.ts';
import type { OutOfRange, Summary } from '../../run/summary.ts';
import { folded, sumOf } from './folding.ts';
import { formatShare, formatValue, shareOf } from './numbers.ts';

/** A problem and how often it occurred. */
export interface ProblemRow {
  problem: string;
  count: number;
  countText: string;
}

/** Calls that failed for good in the same way. */
export interface FailureRow extends ProblemRow {
  /** The message of one of these calls; undefined for the row of all failures that there is no room for. */
  example: string | undefined;
}

/** Why rows were rejected, the most frequent problems first. @param most number of problems that there is room for */
export function rejectionRows({ rejections }: Summary, most: number): ProblemRow[] {
  const { shown, others } = folded(rejections, most);
  const rows = shown.map(({ problem, rows: count }) => problemRow(problem, count));
  if (others.length === 0) return rows;
  return [
    ...rows,
    problemRow(
      counted(others.length, 'other problem'),
      sumOf(others, ({ rows: count }) => count),
    ),
  ];
}

/** Which calls failed for good, the most frequent first. @param most number of rows that there is room for */
export function failureRows(summary: Summary, most: number): FailureRow[] {
  const { all } = shownCallsOf(summary);
  const { shown, others } = folded(summary.failures, most);
  const rows = shown.map(({ step, status, calls, example }): FailureRow => {
    return { ...problemRow(failureText(step, status, all), calls), example };
  });
  if (others.length === 0) return rows;
  const problem = counted(others.length, 'other kind of failure', 'other kinds of failures');
  const rest = problemRow(
    problem,
    sumOf(others, ({ calls }) => calls),
  );
  return [...rows, { ...rest, example: undefined }];
}

function problemRow(problem: string, count: number): ProblemRow {
  return { problem, count, countText: formatCount(count) };
}

function failureText(step: Failure['step'], status: number | undefined, calls: readonly Call[]): string {
  if (step === PREDICT_STEP) return 'predict not called';
  const label = calls.find(({ name }) => name === step)?.label ?? step.toUpperCase();
  return status === undefined ? `${label} without an answer` : `${label} with HTTP ${status}`;
}

/** What somebody should check, in words. */
export interface Check {
  /** What it is about: the label of a prediction, or another part of the run. */
  about: string;
  isPrediction: boolean;
  /** Says how many there are, without anything that is data of members. */
  count: string;
  /** The same, with an example or the values. */
  text: string;
  /** All of this, and what to do about it. */
  sentence: string;
}

/** What somebody should check, although no member failed because of it. */
export function checksOf(summary: Summary): Check[] {
  return [...predictionChecks(summary), ...inputChecks(summary)];
}

function inputChecks({ understood }: Summary): Check[] {
  return (understood?.checks ?? []).map(({ about, count, advice }) => {
    const text = `${count}: ${advice}`;
    return { about, isPrediction: false, count, text, sentence: text };
  });
}

function predictionChecks(summary: Summary): Check[] {
  const { outOfRange = [], members } = summary;
  const { models, offer } = shownCallsOf(summary);
  return outOfRange.flatMap((finding) => {
    const model = models.find(({ name }) => name === finding.prediction);
    if (model === undefined) return [];
    const { label, expectedVariable } = model;
    const share = formatShare(shareOf(finding.members, members.total));
    const who = `${counted(finding.members, 'member')} (${share})`;
    const count = `${label} should be ${rangeText(finding.expected)}, and is not for ${who}`;
    const values = valuesText(finding);
    const used = offer === undefined ? 'its predictions are used' : 'these offers are used';
    const instead =
      expectedVariable === undefined ? "change what the partner's file expects" : `set ${expectedVariable}`;
    const advice = `Look at the model before ${used}; where this is meant, ${instead}.`;
    const text = `${count}: there it is ${values}`;
    return [{ about: label, isPrediction: true, count, text, sentence: `${text}. ${advice}` }];
  });
}

function valuesText({ lowest, highest, expected }: OutOfRange): string {
  const [low, high] = [lowest, highest].map((value) => outsideText(value, expected));
  return low === high ? `${low}` : `${low} to ${high}`;
}

/** A value outside of the range, with enough digits to differ from the ends of the range. */
function outsideText(value: number, { from, to }: Range): string {
  const text = formatValue(value);
  return [from, to].some((end) => end !== undefined && formatValue(end) === text) ? String(value) : text;
}

/** @example `0 to 1`, `0 or more` */
export function rangeText({ from, to }: Range): string {
  if (from === undefined) return to === undefined ? 'any number' : `${formatValue(to)} or less`;
  return to === undefined ? `${formatValue(from)} or more` : `${formatValue(from)} to ${formatValue(to)}`;
}
