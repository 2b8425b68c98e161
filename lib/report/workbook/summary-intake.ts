import { excerpt } from '../../excerpt.ts';
import type { Summary } from '../../run/summary.ts';
import { heading, heightOf, type Line, label, number, text, WHOLE_FORMAT } from './cells.ts';

/** The left half of the Summary: what came in, and what became of it. Three columns wide. */

const COLUMNS = 3;

/** Characters that a text of two columns takes before it is wrapped; words leave some unused. */
const TEXT_WIDTH = 66;
const VALUE_WIDTH = 52;

const MAX_PROBLEMS = 6;
const MAX_FAILURES = 4;
const MAX_EXAMPLE_LENGTH = 180;

export function runLines({ source, partner, asOf, runId, startedAt }: Summary): Line[] {
  return [
    section('Run'),
    fact('File', `s3://${source.bucket}/${source.key}`),
    fact('Partner', partner),
    fact('As-of day (UTC)', asOf ?? 'unknown'),
    fact('Started (UTC)', startedAt.replace('T', ' ').replace(/\.\d+Z$/, '')),
    fact('Run id', runId),
  ];
}

export function rowLines({ rows }: Summary): Line[] {
  return [
    { cells: [] },
    section('What came in'),
    count('Rows read', rows.read),
    count('Rows accepted', rows.accepted),
    count('Rows rejected', rows.rejected),
    count('Blank values that were given a default', rows.imputed),
  ];
}

/** The most frequent problems; none, no lines. */
export function rejectionLines({ rejections }: Summary): Line[] {
  if (rejections.length === 0) return [];
  const others = rejections.slice(MAX_PROBLEMS);
  const rows = others.reduce((sum, rejection) => sum + rejection.rows, 0);
  return [
    { cells: [] },
    section('Why rows were rejected'),
    ...rejections.slice(0, MAX_PROBLEMS).map((rejection) => count(rejection.problem, rejection.rows)),
    ...(others.length > 0 ? [count(`${others.length} other problems`, rows)] : []),
  ];
}

export function memberLines({ members, failures }: Summary): Line[] {
  return [
    { cells: [] },
    section('Members'),
    count('Members in the file', members.total),
    count('Members scored', members.scored),
    count('Members failed', members.failed),
    ...failures.slice(0, MAX_FAILURES).map(({ calls, example }) => count(excerpt(example, MAX_EXAMPLE_LENGTH), calls)),
  ];
}

function section(name: string): Line {
  return { cells: [heading(name, COLUMNS)] };
}

function fact(name: string, value: string): Line {
  return { cells: [label(name), text(value, COLUMNS - 1)], height: heightOf(value, VALUE_WIDTH) };
}

function count(name: string, value: number): Line {
  return { cells: [label(name, COLUMNS - 1), number(value, WHOLE_FORMAT)], height: heightOf(name, TEXT_WIDTH) };
}
