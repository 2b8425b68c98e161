import { type Definition, MEMBER } from '../../lib/partners/definition.ts';
import { separatorName } from '../../lib/transactions/separators.ts';
import { valueFields } from '../../lib/transactions/transaction.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import { count } from '../../local/terminal/units.ts';
import { memberTables, shortNumber } from './member-tables.ts';
import type { FileTrial } from './trial.ts';

const MAX_RAW_LENGTH = 80;
/** What came of trying a file, for people. */
export function trialText(path: string, trial: FileTrial, definition: Definition): string {
  const sections = [
    [`${printable(path)}: ${separatorName(trial.columns.separator)} between ${count(trial.columns.width)} columns`],
    columnLines(trial, definition),
    rowLines(trial),
    [`members: ${count(trial.members)}; the features of the first ${trial.shown.length}:`],
    ...featureTables(trial, definition),
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

function featureTables({ shown }: FileTrial, { features }: Definition): string[][] {
  return memberTables(
    shown,
    Object.keys(features).map((name) => ({ name, cell: (member) => shortNumber(member.features[name] ?? Number.NaN) })),
  );
}
