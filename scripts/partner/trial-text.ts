import { type Definition, MEMBER } from '../../lib/partners/definition.ts';
import { separatorName } from '../../lib/transactions/separators.ts';
import { valueFields } from '../../lib/transactions/transaction.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import { count } from '../../local/terminal/units.ts';
import { textTable } from '../shared/text-table.ts';
import type { FileTrial } from './trial.ts';

const MAX_RAW_LENGTH = 80;
const MAX_ID_LENGTH = 14;
/** As many as fit beside each other. */
const MEMBERS_PER_TABLE = 5;
/** Enough to see whether a feature is what was meant; what is sent is not rounded. */
const DIGITS = 6;

/** What came of trying a file, for people. */
export function trialText(path: string, trial: FileTrial, definition: Definition): string {
  const sections = [
    [`${printable(path)}: ${separatorName(trial.columns.separator)} between ${count(trial.columns.width)} columns`],
    columnLines(trial, definition),
    rowLines(trial),
    [`members: ${count(trial.members)}; the features of the first ${trial.shown.length}:`],
    ...featureTables(trial),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function columnLines({ columns, blanks }: FileTrial, { input }: Definition): string[] {
  const used = new Set([columns.member, ...columns.values]);
  const lines = [MEMBER, ...valueFields(input)].map((field, place) => {
    const column = place === 0 ? columns.member : (columns.values[place - 1] ?? 0);
    const blank = blanks.get(field) ?? 0;
    return [
      `  ${printable(field)}`,
      printable(columns.header[column]?.trim() ?? ''),
      `column ${column + 1}`,
      blank === 0 ? '' : `${count(blank)} blank`,
    ];
  });
  const unused = columns.header.filter((_, column) => !used.has(column)).map((name) => printable(name.trim()));
  const widths = [0, 1, 2].map((place) => Math.max(...lines.map((cells) => cells[place]?.length ?? 0)));
  return [
    'columns by field:',
    ...lines.map((cells) =>
      cells
        .map((cell, place) => cell.padEnd(widths[place] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    ...(unused.length === 0 ? [] : [`  not used: ${unused.join(', ')}`]),
  ];
}

function rowLines({ counts, rejections }: FileTrial): string[] {
  const problems = [...rejections].toSorted(([, one], [, other]) => other.rows - one.rows);
  return [
    `rows: ${count(counts.read)} read = ${count(counts.accepted)} accepted + ${count(counts.rejected)} rejected; ${count(counts.imputed)} blank cells`,
    ...problems.flatMap(([problem, { rows, first }]) => [
      `  ${count(rows)} × ${whole(problem)}`,
      `      as line ${first.line}: ${printable(first.raw, MAX_RAW_LENGTH)}`,
    ]),
  ];
}

function featureTables({ shown }: FileTrial): string[][] {
  const names = Object.keys(shown[0]?.features ?? {});
  const tables: string[][] = [];
  for (let from = 0; from < shown.length; from += MEMBERS_PER_TABLE) {
    const those = shown.slice(from, from + MEMBERS_PER_TABLE);
    const rows = names.map((name) => [
      `  ${printable(name)}`,
      ...those.map(({ features }) => String(Number((features[name] ?? Number.NaN).toPrecision(DIGITS)))),
    ]);
    tables.push(textTable([['', ...those.map(({ memberId }) => printable(memberId, MAX_ID_LENGTH))], ...rows]));
  }
  return tables;
}
