import { counted } from '../counted.ts';
import { excerpt } from '../excerpt.ts';
import type { InputCheck } from '../transactions/understood.ts';
import type { MemberAggregates } from './aggregates.ts';

type Members = Pick<MemberAggregates, 'has' | 'memberIds' | 'transactions'>;

/** How a spreadsheet shows a number that is too long for it, as in 1.23457E+11. */
const ROUNDED = /^\d(?:[.,]\d+)?E\+\d{1,3}$/i;
const WITH_FRACTION = /^(\d+)\.0+$/;

/** How a spreadsheet ends the name of a group in its line of subtotals: `North Total`. */
const SUBTOTALS = [' total', ' ergebnis'];

const TOTALS = ['total', 'totals', 'grand total', 'subtotal', 'sum', 'summe', 'gesamt', 'gesamtsumme', 'insgesamt'];

/** Of so many ids it is remembered how they are in lower case. Any others are compared with ids in lower case alone. */
const MOST_REMEMBERED = 200_000;

const MAX_EXAMPLE_LENGTH = 60;

/** Ids of the same kind. */
interface Found {
  ids: number;
  rows: number;
  /** The first of them, and what it may be the same as. */
  example: string;
  other: string;
}

/** Ids that may be of nobody, of several members, or of a member that has another one. */
export function suspiciousIds(members: Members): InputCheck[] {
  const [rounded, withFraction, alike, subtotals] = [none(), none(), none(), none()];
  let marks = 0;
  for (const [member, id] of members.memberIds.entries()) {
    marks |= marksOf(id);
    if (endsAsSubtotal(id)) add(subtotals, id, members.transactions(member));
    if (!mayBeDecimal(id)) continue;
    const whole = WITH_FRACTION.exec(id)?.[1];
    if (whole !== undefined && members.has(whole)) add(withFraction, id, members.transactions(member), whole);
    if (ROUNDED.test(id)) add(rounded, id, members.transactions(member));
  }
  // Where there are no small letters, or no capitals, no two ids differ by these.
  if ((marks & WIDE) !== 0 || (marks & CASES) === CASES) findAlike(members, alike);
  return [
    ...roundedCheck(rounded),
    ...fractionCheck(withFraction),
    ...alikeCheck(alike),
    ...totalsCheck(members, subtotals),
  ];
}

const LOWER = 1;
const UPPER = 2;
const CASES = LOWER | UPPER;
/** Beyond ASCII. */
const WIDE = 4;

/** What kinds of characters an id has. */
function marksOf(id: string): number {
  let marks = 0;
  for (let at = 0; at < id.length; at++) {
    const code = id.charCodeAt(at);
    if (code >= 128) marks |= WIDE;
    else if (code >= 97 && code <= 122) marks |= LOWER;
    else if (code >= 65 && code <= 90) marks |= UPPER;
  }
  return marks;
}

function endsAsSubtotal(id: string): boolean {
  if (!SUBTOTALS.some((end) => id.at(-end.length) === ' ' && id.toLowerCase().endsWith(end))) return false;
  return !TOTALS.includes(id.toLowerCase());
}

/** Few ids pass, so that the others are looked at quickly. */
function mayBeDecimal(id: string): boolean {
  const code = id.charCodeAt(0);
  return code >= 48 && code <= 57 && (id.includes('.') || id.includes('+'));
}

function findAlike(members: Members, alike: Found): void {
  const remembered = new Map<string, string>();
  for (const [member, id] of members.memberIds.entries()) {
    const folded = id.normalize('NFKC').toLowerCase();
    if (folded === id) continue;
    const other = members.has(folded) ? folded : remembered.get(folded);
    if (other !== undefined) add(alike, id, members.transactions(member), other);
    else if (remembered.size < MOST_REMEMBERED) remembered.set(folded, id);
  }
}

function none(): Found {
  return { ids: 0, rows: 0, example: '', other: '' };
}

function add(found: Found, id: string, rows: number, other = ''): void {
  if (found.ids === 0) Object.assign(found, { example: quoted(id), other: quoted(other) });
  found.ids += 1;
  found.rows += rows;
}

function quoted(id: string): string {
  return JSON.stringify(excerpt(id, MAX_EXAMPLE_LENGTH));
}

function roundedCheck({ ids, rows, example }: Found): InputCheck[] {
  if (ids === 0) return [];
  const look = ids === 1 ? 'looks like a long number' : 'look like long numbers';
  return check(
    `${counted(ids, 'id')} of ${counted(rows, 'row')} ${look} that a spreadsheet has rounded`,
    `${example} may stand for several members. Format the column as text before the file is saved, or export it again.`,
  );
}

function fractionCheck({ ids, example, other }: Found): InputCheck[] {
  if (ids === 0) return [];
  return check(
    `${counted(ids, 'id')} ${ids === 1 ? 'is' : 'are'} there with .0 at the end and without it`,
    `${example} and ${other} are different members here. Where they are one, export the ids as text.`,
  );
}

function alikeCheck({ ids, example, other }: Found): InputCheck[] {
  if (ids === 0) return [];
  return check(
    `${counted(ids, 'id')} ${ids === 1 ? 'differs' : 'differ'} from another one only by upper and lower case, or by full-width characters`,
    `${example} and ${other} are different members here. Where they are one, write them alike.`,
  );
}

/** A line of totals that has a name where the others have an id. */
function totalsCheck(members: Members, subtotals: Found): InputCheck[] {
  const named = TOTALS.flatMap((name) => [name, capitalized(name), name.toUpperCase()]).filter((id) => members.has(id));
  const count = named.length + subtotals.ids;
  if (count === 0) return [];
  const example = named[0] === undefined ? subtotals.example : quoted(named[0]);
  return check(
    `${counted(count, 'member')} ${count === 1 ? 'is' : 'are'} called as lines of totals are`,
    `Look at ${example}. Where it is no member, remove its line from the file.`,
  );
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function check(count: string, advice: string): InputCheck[] {
  return [{ about: 'ids', count, advice }];
}
