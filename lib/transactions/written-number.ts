import { asciiNumber } from './ascii-number.ts';
import { currenciesOf, hasNoCents } from './currencies.ts';
import type { Forms } from './form-census.ts';

/** Numbers that have a decimal point, or a comma; a bit each. */
export const POINT: Forms = 1;
export const COMMA: Forms = 2;
/** What has a point, or a comma, that may be the decimal sign or stand between groups of three digits: 1.500 and 1,500. */
export const POINT_OR_GROUP: Forms = POINT | COMMA | 4;
export const COMMA_OR_GROUP: Forms = POINT | COMMA | 8;

/** Whether what can be read in these forms is another number in each. */
export function isAmbiguous(forms: Forms): boolean {
  return forms === POINT_OR_GROUP || forms === COMMA_OR_GROUP;
}

/** A number as people and programs write it. */
export interface WrittenNumber {
  /** The forms that it can be read in; 0 for what is the same in all of them. */
  forms: Forms;
  /** Digits, points and commas, and an exponent. */
  digits: string;
  isNegative: boolean;
  isPercent: boolean;
  /** Those that it may be in, by ISO 4217. */
  currencies: readonly string[] | undefined;
}

/** No amount is as long, and looking for what is around it would take long. */
const MAX_LENGTH = 100;

/** Digits from the first to the last one, and what stands before and after. */
const PARTS = /^(\D*?)([.,]?\d(?:[\d.,'’ \u00a0\u2009\u202f]*\d)?[.,]?(?:e[+-]?\d+)?)(\D*)$/i;

/** Takes a number apart; undefined for what is none in any form. */
export function writtenNumber(cell: string): WrittenNumber | undefined {
  if (cell.length > MAX_LENGTH) return undefined;
  const [, before, body = '', after = ''] = PARTS.exec(withoutMarks(asciiNumber(cell))) ?? [];
  if (before === undefined) return undefined;
  // Rs.500 are 500 rupees; and 12,- is twelve, with no cents.
  const number = /\p{L}$/u.test(before) ? body.replace(/^[.,]/, '') : body;
  const around = aroundOf(before, /[.,]$/.test(number) ? after.replace(/^[-—]/, '') : after);
  const inDigits = digitsOf(number);
  if (around === undefined || inDigits === undefined) return undefined;
  // 1,500円 are 1500: where there are no cents, a comma only ever stands between groups.
  const isGrouped = inDigits.forms === COMMA_OR_GROUP && hasNoCents(around.currencies);
  return { ...around, ...inDigits, ...(isGrouped && { forms: POINT }) };
}

/** Whether a cell is a dash, as accountants write for nothing, with a currency or without. */
export function isDash(cell: string): boolean {
  if (cell.length > MAX_LENGTH) return false;
  const [, before = '', after = ''] = /^([^\s\d–—-]*)\s*[–—-]\s*([^\s\d–—-]*)$/.exec(cell) ?? ['', '?'];
  return [before, after].every((written) => written === '' || currenciesOf(written) !== undefined);
}

/** The value of a number in a form that it can be read in. */
export function valueIn({ digits, isNegative }: WrittenNumber, form: Forms): number {
  const [decimal, group] = form === COMMA ? [',', '.'] : ['.', ','];
  const value = Number(digits.replaceAll(group, '').replace(decimal, '.'));
  return isNegative ? -value : value;
}

/** Without what spreadsheets mark a number with that is to be a text, '500 and ="500", and without quotes. */
function withoutMarks(cell: string): string {
  const [, text = cell] = /^=?["\u201C\u201D\u201E](.*)["\u201C\u201D]$/.exec(cell) ?? [];
  return text.replace(/^'/, '').trim();
}

type Around = Pick<WrittenNumber, 'isNegative' | 'isPercent' | 'currencies'>;

const BARE: Around = { isNegative: false, isPercent: false, currencies: undefined };

/** Reads what stands around the digits: signs, brackets, a currency, a percent sign, each once. */
function aroundOf(before: string, after: string): Around | undefined {
  const both = `${before}${after}`;
  if (both === '') return BARE;
  const isBracketed = before.includes('(') && after.includes(')');
  // -(12.50) is below zero once.
  const signs = (both.replace(/-([^-+(]*\()/, '$1').match(/[-+(]/g) ?? []).length;
  const isUnmatched = (both.match(/[()]/g) ?? []).length !== (isBracketed ? 2 : 0);
  const percents = (both.match(/%/g) ?? []).length;
  if (signs > 1 || isUnmatched || percents > 1) return undefined;
  const currencies = [before, after].map((text) => text.replaceAll(/[-+()%\s]/g, '')).filter((text) => text !== '');
  const [one, other] = currencies.map((text) => currenciesOf(text) ?? []);
  const shared = other === undefined ? one : one?.filter((code) => other.includes(code));
  if (shared?.length === 0 || (shared !== undefined && percents > 0)) return undefined;
  return { isNegative: isBracketed || both.includes('-'), isPercent: percents > 0, currencies: shared };
}

/** Blanks and apostrophes stand between groups of three digits, and are nothing else. */
const SURE_GROUPS = /^\d{1,3}(?:(?:[ \u00a0\u2009\u202f]\d{3})+|(?:['’]\d{3})+)(?:[.,]\d*)?$/;

function digitsOf(body: string): Pick<WrittenNumber, 'digits' | 'forms'> | undefined {
  const [mantissa = '', exponent] = body.split(/e/i);
  const isGrouped = /[^\d.,]/.test(mantissa);
  if (isGrouped && (exponent !== undefined || !SURE_GROUPS.test(mantissa))) return undefined;
  const bare = mantissa.replaceAll(/[^\d.,]/g, '');
  const forms = formsOfBare(bare, !isGrouped && exponent === undefined);
  return forms === undefined ? undefined : { forms, digits: exponent === undefined ? bare : `${bare}e${exponent}` };
}

/** @param mayGroup whether a point or comma may be one between groups */
function formsOfBare(bare: string, mayGroup: boolean): Forms | undefined {
  const points = bare.split('.').length - 1;
  const commas = bare.split(',').length - 1;
  if (points + commas === 0) return 0;
  if (points > 0 && commas > 0) {
    const decimal = bare.lastIndexOf('.') > bare.lastIndexOf(',') ? '.' : ',';
    const whole = bare.slice(0, bare.lastIndexOf(decimal));
    return mayGroup && areGroups(whole, decimal === '.' ? ',' : '.') ? formOf(decimal) : undefined;
  }
  const sign = points > 0 ? '.' : ',';
  const other = sign === '.' ? ',' : '.';
  if (points + commas > 1) return mayGroup && areGroups(bare, sign) ? formOf(other) : undefined;
  if (!mayGroup || !/^[1-9]\d{0,2}[.,]\d{3}$/.test(bare)) return formOf(sign);
  return sign === '.' ? POINT_OR_GROUP : COMMA_OR_GROUP;
}

function formOf(decimal: '.' | ','): Forms {
  return decimal === '.' ? POINT : COMMA;
}

/** Of three digits; with commas also as in India, 12,34,567. */
function areGroups(whole: string, sign: '.' | ','): boolean {
  return sign === '.'
    ? /^\d{1,3}(?:\.\d{3})+$/.test(whole)
    : /^\d{1,3}(?:,\d{3})+$|^\d{1,2}(?:,\d{2})+,\d{3}$/.test(whole);
}
