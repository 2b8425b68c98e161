import type { Call } from '../../lib/calls.ts';
import type { SelfDescription } from '../../lib/protocols/self-description.ts';
import { printable } from '../../local/terminal/printable.ts';
import { wrapped } from '../shared/wrapping.ts';
import type { Difference } from './differences.ts';
import { keyOf } from './key.ts';

/** What a call's server tells of itself. */
export interface ToldCall {
  call: Call;
  description: SelfDescription;
  /** Why it did not answer at all. */
  problem: string | undefined;
  differences: readonly Difference[];
}

/** More at once help nobody: they have one cause. */
const MAX_DIFFERENCES = 10;
const MAX_LINE_LENGTH = 400;
const INDENT = 6;

/** What servers tell of themselves, and a line for each difference from the partner's file. @param columns of a line */
export function toldText(told: readonly ToldCall[], columns: number): string {
  if (told.every(tellsNothing)) return wrapped('the servers tell nothing of themselves', columns);
  const labels = told.map(({ call }) => printable(call.label));
  const width = Math.max(...labels.map(({ length }) => length));
  const lines = told.flatMap((one, place) => [
    `  ${labels[place]?.padEnd(width)}  ${summaryOf(one)}`,
    ...differenceLines(one).map((line) => `    - ${line}`),
  ]);
  return ['what the servers tell of themselves:', ...lines].map((line) => wrapped(line, columns, INDENT)).join('\n');
}

function tellsNothing({ description, problem }: ToldCall): boolean {
  const { says, inputs, outputs } = description;
  return problem === undefined && says.length + inputs.length + outputs.length === 0;
}

function summaryOf(told: ToldCall): string {
  const { description, problem, differences } = told;
  if (problem !== undefined) return `tells nothing of itself: ${printable(problem)}`;
  if (tellsNothing(told)) return 'tells nothing of itself';
  const { says, inputs, outputs } = description;
  const said = says.map((text) => printable(text)).join(', ');
  const counts = [counted(inputs, 'input'), counted(outputs, 'output')].flatMap((text) => text ?? []);
  const asTheFile = differences.length === 0 ? ', as the partner file has them' : '; not as the partner file has them:';
  return [said, ...(counts.length === 0 ? [] : [`${counts.join(' and ')}${asTheFile}`])].filter(Boolean).join('; ');
}

function counted({ length }: readonly unknown[], what: string): string | undefined {
  return length === 0 ? undefined : `${length} ${what}${length === 1 ? '' : 's'}`;
}

function differenceLines({ call, differences }: ToldCall): string[] {
  const lines = differences.slice(0, MAX_DIFFERENCES).map((difference) => differenceText(difference, keyOf(call)));
  const more = differences.length - lines.length;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

function differenceText({ problem, line }: Difference, key: string): string {
  const remedy = line === undefined ? 'nothing in the partner file settles that' : `${key}: ${line}`;
  return printable(`${problem} → ${remedy}`, MAX_LINE_LENGTH);
}
