import { printable, whole } from '../../local/terminal/printable.ts';
import { count } from '../../local/terminal/units.ts';
import { textTable } from '../shared/text-table.ts';
import { wrapped } from '../shared/wrapping.ts';
import { type BatchAgreement, rowsPerSecond } from './batch-advice.ts';
import type { MeasuredBatches, MeasuredSize } from './batch-measuring.ts';
import { type CallBatches, MEASURING_MS } from './batches.ts';
import { keyOf } from './key.ts';
import { shortNumber } from './member-tables.ts';

const INDENT = 6;
const DIGITS = 3;

/** To be shown before what takes so long. @param isMeasured whether any call can have several members in a request */
export function batchesTitle(isMeasured: boolean): string {
  return `members per request${isMeasured ? `, measured for ${MEASURING_MS / 1000} s at the most` : ''}:`;
}

type Measurements = MeasuredBatches<number | string>;

/** How many members requests had better be about, for each call. @param columns of a line */
export function batchesText(batches: readonly CallBatches[], columns: number): string {
  const width = Math.max(...batches.map(({ call }) => printable(call.label).length));
  const parts = batches.map((one) => linesOf(one, width, columns));
  // Tables stand apart.
  const apart = (part: readonly string[], place: number) =>
    place > 0 && (part.length > 1 || (parts[place - 1]?.length ?? 0) > 1);
  return parts.flatMap((part, place) => (apart(part, place) ? ['', ...part] : part)).join('\n');
}

function linesOf(batches: CallBatches, width: number, columns: number): string[] {
  const label = printable(batches.call.label);
  const told = (line: string) => wrapped(line, columns, INDENT);
  if (batches.isSingle) return [told(`  ${label.padEnd(width)}  ${singleText(batches)}`)];
  if (batches.measured === undefined) return [told(`  ${label.padEnd(width)}  not measured: no member was answered`)];
  const notes = [...endLines(batches.measured), ...adviceLines(batches), ...agreementLines(batches.agreement)];
  return [...tableOf(label, batches.measured), ...notes.map((note) => told(`    ${note}`))];
}

function singleText({ call }: CallBatches): string {
  return `one request per member; ${keyOf(call)}: layout: list, or another protocol, would have many in one`;
}

function tableOf(label: string, { sizes }: Measurements): string[] {
  const rows = sizes.map((size) => [
    '',
    count(size.rows),
    count(size.bytes),
    size.ms === undefined ? '' : shortMs(size.ms),
    size.problem === undefined ? speedText(size) : '',
  ]);
  return textTable([[`  ${label}`, 'rows', 'bytes', 'ms', 'rows/s'], ...rows]);
}

function shortMs(ms: number): string {
  return ms >= 100 ? count(ms) : String(Number(ms.toPrecision(DIGITS)));
}

function speedText(size: MeasuredSize<unknown>): string {
  const speed = rowsPerSecond(size);
  return speed === undefined ? '' : count(speed);
}

function endLines({ sizes, ended, badRow }: Measurements): string[] {
  const last = sizes.at(-1);
  const lost = sizes.findLast((size) => size.lost > 0);
  return [
    ...(badRow === undefined
      ? []
      : [`one member was refused whatever it was sent with, and left out: ${whole(badRow)}`]),
    ...(lost === undefined ? [] : [`of ${count(lost.rows)} rows, ${count(lost.lost)} had no usable value`]),
    ...(last?.problem === undefined
      ? []
      : [`${count(last.rows)} row${last.rows === 1 ? '' : 's'}: ${whole(last.problem)}`]),
    ...(ended === undefined ? [] : [`no larger requests: ${ended}`]),
  ];
}

function adviceLines({ call, advised, rows, timeoutMs, agreement }: CallBatches): string[] {
  if (agreement?.kind === 'order' || agreement?.kind === 'other') {
    return [`→ ${keyOf(call)}: batch: { rows: 1 }, for as long as answers to several members are wrong:`];
  }
  if (advised === undefined) {
    return [`no size can be advised: not even one row was answered within a third of timeoutMs, ${count(timeoutMs)}`];
  }
  const asItIs = advised === rows ? ', as it is' : `, instead of ${count(rows)}`;
  return [`→ ${keyOf(call)}: batch: { rows: ${advised} }${asItIs}`];
}

function agreementLines(agreement: BatchAgreement | undefined): string[] {
  if (agreement === undefined) return [];
  switch (agreement.kind) {
    case 'same':
      return [`answers are the same alone and among others (${agreement.rows} rows compared)`];
    case 'nearly':
      return [
        `answers are the same alone and among others, but for their last digits (${agreement.rows} rows compared)`,
      ];
    case 'unsteady':
      return [`WRONG: the same row has another answer each time: ${exampleText(agreement.example)}`];
    case 'order':
      return [
        `WRONG: answers come in another order than rows, so that batches mix up members: ${exampleText(agreement.example)}`,
      ];
    case 'other':
      return [
        `WRONG: a row has another answer among others, so that batches change predictions: ${exampleText(agreement.example)}; as when the model looks at the whole batch, to normalise it for instance`,
      ];
  }
}

function exampleText({ rows, alone, among }: Extract<BatchAgreement, { example: object }>['example']): string {
  const where = rows === 1 ? 'then' : `among ${count(rows)}`;
  return `${valueText(alone)} alone, ${valueText(among)} ${where}`;
}

function valueText(value: number | string): string {
  return typeof value === 'number' ? shortNumber(value) : printable(value);
}
