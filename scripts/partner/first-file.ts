import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { FIRST_DEFINITION } from '../../lib/partners/first-definition.ts';
import { PartnerFileError, readPartnerFile } from '../../lib/partners/partner-file.ts';
import type { NamedColumns } from '../../lib/transactions/columns.ts';
import { DEFAULT_LIMITS } from '../../lib/transactions/limits.ts';
import { partsOfAll } from '../../lib/transactions/parts.ts';
import { SEPARATORS } from '../../lib/transactions/separators.ts';
import { nothingUnderstood } from '../../lib/transactions/understood.ts';
import { UnusableFileError } from '../../lib/transactions/unusable-file.ts';
import { utf8Chunks } from '../../lib/transactions/utf8.ts';
import { hasCode } from '../../local/process/processes.ts';
import { whole } from '../../local/terminal/printable.ts';
import { CommandError } from '../shared/command.ts';
import { filesAt, inputAt } from '../shared/input-path.ts';
import { PROJECT } from '../shared/project-partners.ts';
import { type Guess, GuessError, type GuessedField, guessFields, type SampleColumn } from './guess.ts';
import { USUAL_BLANKS } from './usual-blanks.ts';

/** So much of a file is looked at. */
const HEAD_BYTES = 1024 * 1024;
const HEAD_ROWS = 1000;

const rowsSchema = z.array(z.array(z.string()));

/**
 * Writes a partner's first file, from a CSV such as the partner will drop.
 * @returns the file's path, relative to the project
 * @throws CommandError when there is a file already, or too little can be guessed
 */
export async function writeFirstFile(name: string, csv: string, memberTitle?: string): Promise<string> {
  const path = `partners/${name}.yml`;
  const text = await firstFileFrom(csv, name, memberTitle);
  assertUsable(path, text);
  try {
    await writeFile(join(PROJECT, path), text, { flag: 'wx' });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    throw new CommandError(`${path} is there already`, { cause: error });
  }
  return path;
}

/** @throws CommandError when what was guessed cannot be */
function assertUsable(path: string, text: string): void {
  try {
    readPartnerFile(path, text);
  } catch (error) {
    if (!(error instanceof PartnerFileError)) throw error;
    throw new CommandError(`of such a file no partner file can be made: ${error.message}`, { cause: error });
  }
}

/** What a partner's first file says, by a CSV. @throws CommandError when too little can be guessed */
export async function firstFileFrom(csv: string, name: string, memberTitle?: string): Promise<string> {
  return firstFileText(name, await columnsOf(csv), memberTitle);
}

/** The header of a file, and the first of its rows, by column. */
async function columnsOf(path: string): Promise<SampleColumn[]> {
  const [header = [], ...rows] = await firstRowsOf(path);
  return header.map((title, column) => ({ title: title.trim(), cells: rows.map((row) => row[column] ?? '') }));
}

/** Which columns are needed is not known yet: the header of a workbook is the row with most cells. */
const ANY_COLUMNS: NamedColumns = {
  count: Number.POSITIVE_INFINITY,
  namedAmong: (names) => names.filter((name) => name.trim() !== '').length,
  placesIn: () => [],
};

/** The first rows of the CSV or sheet that a file is, or of the first with something in it; the header is the first. */
async function firstRowsOf(path: string): Promise<string[][]> {
  const files = filesAt(await inputAt(path));
  try {
    for await (const part of partsOfAll(files, { limits: DEFAULT_LIMITS, columns: ANY_COLUMNS })) {
      if ('chunks' in part) {
        const rows = rowsIn(await headOf(part.chunks));
        if (rows.length > 0) return rows;
        continue;
      }
      for await (const { fields } of part.rows(nothingUnderstood())) return fields.slice(0, HEAD_ROWS);
    }
    return [];
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error;
    throw new CommandError(`${path} cannot be used: ${whole(error.message)}`, { cause: error });
  }
}

async function headOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const head: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of utf8Chunks(chunks)) {
    head.push(chunk);
    bytes += chunk.length;
    if (bytes >= HEAD_BYTES) break;
  }
  return Buffer.concat(head).subarray(0, HEAD_BYTES);
}

function rowsIn(head: Buffer): string[][] {
  const text = head.toString();
  const [line = ''] = text.trimStart().split(/\r?\n|\r/, 1);
  const delimiter = SEPARATORS.toSorted((one, other) => line.split(other).length - line.split(one).length)[0] ?? ',';
  const rows = rowsSchema.parse(
    parse(text, { delimiter, to: HEAD_ROWS, relax_column_count: true, relax_quotes: true, skip_empty_lines: true }),
  );
  // The last one may have been cut.
  return head.length === HEAD_BYTES ? rows.slice(0, -1) : rows;
}

function firstFileText(name: string, columns: readonly SampleColumn[], memberTitle: string | undefined): string {
  try {
    const guess = guessFields(
      columns.filter(({ title }) => /[\p{L}\p{N}]/u.test(title)),
      memberTitle,
    );
    const lines = [...headLines(name, guess), ...guess.fields.flatMap(fieldLines), '', ...featureLines(guess.fields)];
    return [...lines, '', ...MODEL_LINES, ''].join('\n');
  } catch (error) {
    if (!(error instanceof GuessError)) throw error;
    const titles = columns.map(({ title }) => title).join(', ');
    throw new CommandError(`${error.message}; the columns are ${titles}`, {
      cause: error,
    });
  }
}

function headLines(name: string, { unused }: Guess): string[] {
  return [
    '# yaml-language-server: $schema=partner.schema.json',
    '#',
    `# How the files of ${name} are read, and which features the models are sent, and what is called; docs/partners.md explains each word.`,
    '# All of it is guessed from the first rows of a file. Go over what is marked, and delete the mark.',
    ...(unused.length === 0
      ? []
      : [`# Not used, because a text that may be anything is of no use: ${unused.map(quoted).join(', ')}.`]),
    '',
    'input:',
    `  missingValues: [${USUAL_BLANKS.map(quoted).join(', ')}]`,
    '  fields:',
  ];
}

/** A text in YAML: where it is no plain word, in quotes, as JSON has them. */
function quoted(text: string): string {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(text) && !/^(null|true|false)$/i.test(text) ? text : JSON.stringify(text);
}

function fieldLines({ name, field }: GuessedField): string[] {
  const { titles, type, required, format, enum: values, decimalChar } = field;
  const lines = [
    `titles: [${titles.map(quoted).join(', ')}]`,
    `type: ${type}${name === 'member' ? ' # guessed: that this tells members apart' : ' # guessed'}`,
    required === true ? 'required: true # guessed: a row without it is rejected' : '',
    format === undefined ? '' : `format: ${quoted(format)} # guessed`,
    type === 'datetime' ? 'timezone: UTC # guessed: such as Europe/Berlin' : '',
    decimalChar === undefined ? '' : `decimalChar: ${quoted(decimalChar)} # guessed`,
    ...(values === undefined
      ? []
      : ['enum: # guessed: there may be others', ...Object.keys(values).map((value) => `  ${quoted(value)}: []`)]),
  ];
  return [`    ${quoted(name)}:`, ...lines.filter((line) => line !== '').map((line) => `      ${line}`)];
}

/** Nothing in a file of transactions tells of them: these are the ones of default.yml. */
const MODEL_LINES = [
  'models: # guessed: what is called with the features, and where its address is',
  ...Object.entries(FIRST_DEFINITION.models).map(
    ([name, { title, url }]) => `  ${name}: { title: ${title}, url: ${quoted(url)} }`,
  ),
  'offer: # guessed: what is called with the predictions; leave it out where there is none',
  `  url: ${quoted(FIRST_DEFINITION.offer?.url ?? '')}`,
  `  send: { ${Object.entries(FIRST_DEFINITION.offer?.send ?? {})
    .map(([sent, model]) => `${sent}: ${model}`)
    .join(', ')} }`,
];

/** More would be a list of what could be, and no beginning. */
const MAX_FEATURES_OF_A_KIND = 5;

function featureLines(fields: readonly GuessedField[]): string[] {
  const numbers = fields.filter(({ field }) => field.type === 'number').slice(0, MAX_FEATURES_OF_A_KIND);
  const [words] = fields.filter(({ field }) => field.enum !== undefined);
  const values = Object.keys(words?.field.enum ?? {}).slice(0, MAX_FEATURES_OF_A_KIND);
  const features: [name: string, words: string][] = [
    ['TRANSACTIONS', 'count: transactions'],
    ...numbers.map(({ name }): [string, string] => [`AVG_${constantOf(name)}`, `mean: ${quoted(name)}, default: 0`]),
    ...numbers.map(({ name }): [string, string] => [
      `LAST_3_AVG_${constantOf(name)}`,
      `mean: ${quoted(name)}, last: 3, default: 0`,
    ]),
    ...values.map((value): [string, string] => [
      `SHARE_${constantOf(value)}`,
      `share: { ${quoted(words?.name ?? '')}: ${quoted(value)} }`,
    ]),
    ['DAYS_SINCE_LAST_TRANSACTION', 'daysSinceLast: time'],
  ];
  // Two words may be the same in capital letters.
  const unique = new Map(features);
  return [
    'features: # guessed: what your models want, and the default where all cells of a member are blank',
    ...[...unique].map(([name, text]) => `  ${quoted(name)}: { ${text} }`),
  ];
}

function constantOf(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .toUpperCase();
}
