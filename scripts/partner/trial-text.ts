import { type Definition, MEMBER } from '../../lib/partners/definition.ts';
import { type InputView, inputView } from '../../lib/report/view/input.ts';
import { valueFields } from '../../lib/transactions/transaction.ts';
import type { Understood } from '../../lib/transactions/understood.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import { count } from '../../local/terminal/units.ts';
import { USUAL_COLUMNS, wrapped } from '../shared/wrapping.ts';
import { memberTables, shortNumber } from './member-tables.ts';
import type { FileTrial } from './trial.ts';

const MAX_RAW_LENGTH = 80;
/** What came of trying a file, for people. */
export function trialText(path: string, trial: FileTrial, definition: Definition, columns?: number): string {
  const input = inputView(trial);
  const sections = [
    [`${printable(path)}: ${count(trial.columns.width)} columns`],
    ...(input === undefined ? [] : inputSections(input, columns)),
    columnLines(trial, definition),
    ...checkLines(trial, columns),
    rowLines(trial),
    [`members: ${count(trial.members)}; the features of the first ${trial.shown.length}:`],
    ...featureTables(trial, definition),
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

function inputSections({ facts, notes }: InputView, columns = USUAL_COLUMNS): string[][] {
  const width = Math.max(...facts.map(({ name }) => name.length));
  const lines = facts.map(({ name, text }) => `  ${name.toLowerCase().padEnd(width)}  ${whole(text)}`);
  return [
    ['how it is read:', ...lines.map((line) => wrapped(line, columns, width + 4))],
    ...(notes.length === 0
      ? []
      : [['assumed besides:', ...notes.map((note) => wrapped(`  ${whole(note)}`, columns, 4))]]),
  ];
}

function checkLines({ understood }: FileTrial, columns = USUAL_COLUMNS): string[][] {
  if (understood.checks.length === 0) return [];
  return [
    ['check:', ...understood.checks.map(({ count, advice }) => wrapped(`  ${count}: ${whole(advice)}`, columns, 4))],
  ];
}

function columnLines({ columns, blanks, understood }: FileTrial, { input }: Definition): string[] {
  const used = new Set([columns.member, ...columns.values]);
  const lines = [MEMBER, ...valueFields(input)].map((field, place) => {
    const column = place === 0 ? columns.member : (columns.values[place - 1] ?? 0);
    const blank = blanks.get(field) ?? 0;
    return [
      `  ${printable(field)}`,
      printable(columns.header[column]?.trim() ?? ''),
      `column ${column + 1}`,
      blank === 0 ? '' : `${count(blank)} blank`,
      formText(understood.columns[place]),
    ];
  });
  const unused = columns.header.filter((_, column) => !used.has(column)).map((name) => printable(name.trim()));
  const widths = [0, 1, 2, 3].map((place) => Math.max(...lines.map((cells) => cells[place]?.length ?? 0)));
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

function formText({ form, decidedBy }: Partial<Understood['columns'][number]> = {}): string {
  if (form === undefined) return '';
  return decidedBy === undefined ? whole(form) : whole(`${form} (${decidedBy})`);
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
