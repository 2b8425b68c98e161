import { counted } from '../counted.ts';
import { isDigit } from '../transactions/cells.ts';
import type { InputCheck } from '../transactions/understood.ts';
import { FoundIds, idCheck, type Members, type Verb } from './found-ids.ts';
import { CASES, DIGIT, marksOf, WIDE } from './id-marks.ts';

/** Of so many ids it is remembered how they are when folded. Any others are compared with ids that are folded already. */
const MOST_REMEMBERED = 200_000;

const COMMA = 44;
const ZERO = 48;
const AROUND = /^['"`‘-‟«»‹›<>(){}[\]]+|['"`‘-‟«»‹›<>(){}[\]]+$/gu;
/** Of each character of ASCII, whether it may stand around an id. */
const MAY_STAND_AROUND = Uint8Array.from({ length: 128 }, (_, code) =>
  String.fromCharCode(code).search(AROUND) === 0 ? 1 : 0,
);
const GROUPED = /^\d{1,3}(?:,\d{3})+$/;
const LEADING_ZEROS = /^0+(?=\d)/;
const DIGITS = /^\d+$/;
/** A UUID, which some programs write with hyphens and some without. */
const UUID = /^([\da-f]{8})([\da-f]{4})([\da-f]{4})([\da-f]{4})([\da-f]{12})$/i;
const UUID_LENGTH = 36;
const BARE_UUID_LENGTH = 32;
const FIRST_HYPHEN = 8;

/** Whether ids may differ only by how they are written, which is told while they are gone through for the first time. */
export class AlikeIds {
  readonly #members: Members;
  #marks = 0;
  #isDressed = false;
  #hasUuid = false;
  #hasBareUuid = false;

  constructor(members: Members) {
    this.#members = members;
  }

  look(id: string, marks: number): void {
    this.#marks |= marks;
    this.#isDressed ||= isDressed(id, marks);
    this.#hasUuid ||= id.length >= UUID_LENGTH && id.includes('-', FIRST_HYPHEN);
    this.#hasBareUuid ||= id.length === BARE_UUID_LENGTH;
  }

  get checks(): InputCheck[] {
    const [forms, dress] = [new FoundIds(), new FoundIds()];
    if (this.#mayDifferInForm) find(this.#members, { forms, dress, fold: inOneForm });
    // Most ids are as they are: only those are remembered that are dressed.
    else if (this.#mayDifferInDress) find(this.#members, { forms, dress, fold: (id) => id });
    return [
      ...alikeCheck(forms, 'upper and lower case, full-width characters or kinds of blanks'),
      ...alikeCheck(dress, 'zeros, quotes or brackets'),
    ];
  }

  /** Where there are no small letters, or no capitals, no two ids differ by these. */
  get #mayDifferInForm(): boolean {
    return (this.#marks & WIDE) !== 0 || (this.#marks & CASES) === CASES;
  }

  get #mayDifferInDress(): boolean {
    return this.#isDressed || (this.#hasUuid && this.#hasBareUuid);
  }
}

interface Search {
  /** Ids that differ only by the forms of their characters. */
  forms: FoundIds;
  /** Those that differ by more. */
  dress: FoundIds;
  /** What is the same of ids that differ only by form. */
  fold(id: string): string;
}

function find(members: Members, { forms, dress, fold }: Search): void {
  const remembered = new Map<string, string>();
  for (const [member, id] of members.memberIds.entries()) {
    const folded = undressed(fold(id));
    if (folded === id) continue;
    const other = members.has(folded) ? folded : remembered.get(folded);
    if (other !== undefined) {
      const found = fold(other) === fold(id) ? forms : dress;
      found.add(id, members.transactions(member), other);
    } else if (remembered.size < MOST_REMEMBERED) remembered.set(folded, id);
  }
}

function inOneForm(id: string): string {
  return id.normalize('NFKC').toLowerCase();
}

/** An id without what programs add to it: quotes, brackets, zeros before it, commas between groups of its digits. */
function undressed(id: string): string {
  if (id.length === BARE_UUID_LENGTH) return id.replace(UUID, '$1-$2-$3-$4-$5');
  if (!isDressed(id, marksOf(id))) return id;
  const inside = id.replace(AROUND, '');
  if (inside.length === BARE_UUID_LENGTH) return inside.replace(UUID, '$1-$2-$3-$4-$5');
  const digits = GROUPED.test(inside) ? inside.replaceAll(',', '') : inside;
  if (digits === '') return id;
  return DIGITS.test(digits) ? digits.replace(LEADING_ZEROS, '') : digits;
}

/** Few ids pass, so that the others are looked at quickly. */
function isDressed(id: string, marks: number): boolean {
  const first = id.charCodeAt(0);
  if (first === ZERO && marks === DIGIT) return id.length > 1;
  if (mayStandAround(first) || mayStandAround(id.charCodeAt(id.length - 1))) return true;
  return isDigit(first) && id.charCodeAt(id.length - 4) === COMMA;
}

function mayStandAround(code: number): boolean {
  return code < 128
    ? MAY_STAND_AROUND[code] === 1
    : (code >= 0x2018 && code <= 0x201f) || code === 0xab || code === 0xbb;
}

function alikeCheck(found: FoundIds, by: string): InputCheck[] {
  const { ids, example, other } = found;
  if (ids === 0) return [];
  const differ: Verb = ['differs', 'differ'];
  return idCheck(
    `${counted(ids, 'id')} ${differ[ids === 1 ? 0 : 1]} from another one only by ${by}`,
    `${example} and ${other} are different members here. Where they are one, write them alike.`,
  );
}
