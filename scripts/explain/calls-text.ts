import {
  CALL_DEFINITION,
  callsInWords,
  EXPECTED_VALUE_FORMULA,
  EXPECTED_VALUE_OF,
  PREDICTIONS,
} from '../../lib/calls.ts';
import { beyond } from '../../lib/report/view/numbers.ts';
import type { Outcome } from '../../lib/run/contracts.ts';
import { formatDuration } from '../../lib/timing/duration.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import type { CallExplained, Explanation } from './explanation.ts';
import { exact } from './numbers.ts';

const INDENT = ' '.repeat('  OFFER  '.length);

/** What each endpoint was sent, what it answered, and what came of it. */
export function callLines(explanation: Explanation): string[] {
  const { calls, outcome } = explanation;
  if (outcome === undefined) return [];
  const requests = calls.flatMap((call, place) => linesOf(call, calls.slice(0, place)));
  return ['requests and answers', ...requests, '', ...resultLines(explanation, outcome)];
}

function resultLines({ expectedValue, boundaries = [], totalMs = 0 }: Explanation, outcome: Outcome): string[] {
  const factors = EXPECTED_VALUE_OF.flatMap((prediction) => outcome[prediction] ?? []).map(exact);
  const lines = [
    `  offer           ${outcome.status === 'SCORED' ? printable(outcome.offer) : 'none: the member failed'}`,
  ];
  if (expectedValue !== undefined) {
    lines.unshift(
      `  expected value  ${EXPECTED_VALUE_FORMULA} = ${factors.join(' × ')} = ${exact(expectedValue)}${beyond(expectedValue)}`,
    );
  }
  for (const { below, above, highestBelow, lowestAbove } of boundaries) {
    const [low, high] = [printable(below), printable(above)];
    lines.push(
      `  in this run     ${low} up to ${exact(highestBelow)}${beyond(highestBelow)}, ${high} from ${exact(lowestAbove)}${beyond(lowestAbove)}`,
    );
  }
  return [
    ...lines,
    `  total           ${formatDuration(totalMs)}; ${callsInWords(MODELS)} are called side by side, the offer after them`,
  ];
}

const MODELS = PREDICTIONS.map((prediction) => CALL_DEFINITION[prediction].label);

function linesOf(call: CallExplained, earlier: readonly CallExplained[]): string[] {
  const { request, url } = call;
  const name = `  ${CALL_DEFINITION[call.call].label.padEnd(INDENT.length - 2)}`;
  if (request === undefined) return [`${name}not called, because a prediction is missing`];
  const same = earlier.find((other) => other.request === request);
  return [
    `${name}POST ${url === undefined ? `to the ${CALL_DEFINITION[call.call].label} endpoint` : printable(url)}`,
    ...(same ? [`${INDENT}the same as ${CALL_DEFINITION[same.call].label} was sent`] : indentedJson(request)),
    `${INDENT}${outcomeText(call)}`,
  ];
}

function outcomeText({ call, answer, failure, attempts, latencyMs }: CallExplained): string {
  const effort = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${formatDuration(latencyMs ?? 0)}`;
  if (failure !== undefined) {
    const status = failure.status === undefined ? '' : ` with status ${failure.status}`;
    return `→ failed${status} (${effort}): ${whole(failure.message)}`;
  }
  const field = call === 'offer' ? 'offer' : 'prediction';
  return `→ ${field} ${typeof answer === 'number' ? exact(answer) : printable(answer ?? '')} (${effort})`;
}

function indentedJson(request: string): string[] {
  return JSON.stringify(JSON.parse(request), null, 2)
    .split('\n')
    .map((line) => `${INDENT}${line}`);
}
