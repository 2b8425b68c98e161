import { type Call, type Calls, callsOf, inWords } from '../../lib/calls.ts';
import { OFFER } from '../../lib/partners/labels.ts';
import { beyond } from '../../lib/report/view/numbers.ts';
import type { Outcome } from '../../lib/run/contracts.ts';
import { formatDuration } from '../../lib/timing/duration.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import { type CallExplained, type Explanation, factorsOf } from './explanation.ts';
import { exact } from './numbers.ts';

/** Before a call's label, and between it and what is said of the call. */
const MARGIN = 2;

/** What each endpoint was sent, what it answered, and what came of it. */
export function callLines(explanation: Explanation): string[] {
  const { calls, outcome, definition } = explanation;
  if (outcome === undefined) return [];
  const known = callsOf(definition);
  const requests = calls.flatMap((call, place) => linesOf(call, calls.slice(0, place), known));
  return ['requests and answers', ...requests, '', ...resultLines(explanation, outcome, known)];
}

function resultLines(
  { expectedValue, boundaries = [], totalMs = 0 }: Explanation,
  outcome: Outcome,
  calls: Calls,
): string[] {
  const { expectedValue: multiplied, offer } = calls;
  const factors = factorsOf(outcome, calls).map(exact);
  const lines = offer === undefined ? [] : [`  offer           ${offerText(outcome)}`];
  if (expectedValue !== undefined) {
    lines.unshift(
      `  expected value  ${printable(multiplied?.formula ?? '')} = ${factors.join(' × ')} = ${exact(expectedValue)}${beyond(expectedValue)}`,
    );
  }
  for (const { below, above, highestBelow, lowestAbove } of boundaries) {
    const [low, high] = [printable(below), printable(above)];
    lines.push(
      `  in this run     ${low} up to ${exact(highestBelow)}${beyond(highestBelow)}, ${high} from ${exact(lowestAbove)}${beyond(lowestAbove)}`,
    );
  }
  return [...lines, `  total           ${formatDuration(totalMs)}${orderText(calls)}`];
}

function offerText(outcome: Outcome): string {
  return outcome.status === 'SCORED' ? printable(outcome.offer ?? '') : 'none: the member failed';
}

function orderText({ models, offer }: Calls): string {
  const labels = inWords(models.map(({ label }) => printable(label)));
  const parts = [
    ...(models.length > 1 ? [`${labels} are called side by side`] : []),
    ...(offer === undefined ? [] : [`the offer after ${models.length > 1 ? 'them' : labels}`]),
  ];
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}

function linesOf(call: CallExplained, earlier: readonly CallExplained[], { all }: Calls): string[] {
  const { request, url } = call;
  const width = Math.max(OFFER.length, ...all.map(({ label }) => printable(label).length)) + MARGIN;
  const indent = ' '.repeat(MARGIN + width);
  const name = `${' '.repeat(MARGIN)}${labelOf(call, all).padEnd(width)}`;
  if (request === undefined) return [`${name}not called, because a prediction is missing`];
  const same = earlier.find((other) => other.request === request);
  return [
    `${name}POST ${url === undefined ? `to the ${labelOf(call, all)} endpoint` : printable(url)}`,
    ...(same ? [`${indent}the same as ${labelOf(same, all)} was sent`] : indentedJson(request, indent)),
    `${indent}${outcomeText(call)}`,
  ];
}

function labelOf({ call }: CallExplained, calls: readonly Call[]): string {
  return printable(calls.find(({ name }) => name === call)?.label ?? call);
}

function outcomeText({ call, answer, failure, attempts, latencyMs }: CallExplained): string {
  const effort = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${formatDuration(latencyMs ?? 0)}`;
  if (failure !== undefined) {
    const status = failure.status === undefined ? '' : ` with status ${failure.status}`;
    return `→ failed${status} (${effort}): ${whole(failure.message)}`;
  }
  const field = call === OFFER ? 'offer' : 'prediction';
  return `→ ${field} ${typeof answer === 'number' ? exact(answer) : printable(answer ?? '')} (${effort})`;
}

function indentedJson(request: string, indent: string): string[] {
  return JSON.stringify(JSON.parse(request), null, 2)
    .split('\n')
    .map((line) => `${indent}${line}`);
}
