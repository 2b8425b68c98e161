import { callsOf, inWords } from '../../lib/calls.ts';
import type { CallsDefinition } from '../../lib/partners/definition.ts';
import { variablesOf } from '../../lib/partners/model-checks.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import { callLines } from './calls-text.ts';
import type { Explanation, Source } from './explanation.ts';
import { featureLines } from './features-text.ts';
import { rejectedLines, transactionLines } from './transactions-text.ts';

/** Why a member got its offer, for people: the offer first, then what led to it. */
export function explanationText(explanation: Explanation): string {
  const { transactions, rejected, features, definition } = explanation;
  const sections = [
    [`${printable(explanation.memberId)}: ${verdict(explanation)}`],
    sourceLines(explanation),
    transactions === undefined ? [] : transactionLines(transactions, definition),
    rejectedLines(rejected),
    featureLines(features, definition),
    callLines(explanation),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function verdict({ outcome, definition }: Explanation): string {
  if (outcome === undefined) return 'not scored yet';
  if (outcome.status === 'SCORED') return outcome.offer === undefined ? 'scored' : printable(outcome.offer);
  const { all } = callsOf(definition);
  const labels = outcome.failures.map(({ step }) => all.find(({ name }) => name === step)?.label ?? step.toUpperCase());
  return `FAILED at ${printable(labels.join(' and '))}`;
}

function sourceLines({ source, asOf, notes, definition }: Explanation): string[] {
  return [...placeLines(source, asOf, definition), ...notes.map((note) => `  note       ${whole(note)}`)];
}

function placeLines(source: Source, asOf: string, definition: CallsDefinition): string[] {
  if ('file' in source) {
    const endpoints = source.endpoints.reference
      ? 'the reference endpoints, started here for these calls'
      : `those of ${inWords(variablesOf(definition)) || "the partner's file"}`;
    return [`  file       ${printable(source.file)}, as of ${asOf}`, `  endpoints  ${endpoints}`];
  }
  return [
    `  run        ${printable(source.run)} in bucket ${printable(source.bucket)}, as of ${asOf}`,
    `  file       ${printable(source.upload)} of ${printable(source.uploadedBy)}`,
  ];
}
