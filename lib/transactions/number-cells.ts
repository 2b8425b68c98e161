import type { FieldDefinition } from '../partners/definition.ts';
import { parseNumber } from './cells.ts';
import type { CellReader } from './column-form.ts';

const readPlain: CellReader = (cell) => parseNumber(cell) ?? Number.NaN;

/** How the numbers of a field are read. Those that are written as in programs are read by the engine itself. */
export function numberReader({ decimalChar = '.', groupChar, bareNumber = true, unit }: FieldDefinition): CellReader {
  const readBare = decimalChar === '.' && groupChar === undefined ? readPlain : localReader(decimalChar, groupChar);
  if (bareNumber) return readBare;
  const isCurrency = currencyTest(unit);
  return (cell) => readBare(withoutSigns(cell, isCurrency));
}

const ISO_CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
/** What people write in place of the letters by ISO 4217, in lower case. */
const LOCAL_CURRENCIES = new Set(['kr', 'kč', 'zł', 'ft', 'lei', 'fr', 'лв']);

/** Whether letters beside a number are a currency: of a field whose unit is one, no other. */
function currencyTest(unit: string | undefined): (letters: string) => boolean {
  const only = unit !== undefined && ISO_CURRENCIES.has(unit.toUpperCase()) ? unit.toUpperCase() : undefined;
  return (letters) => {
    const code = letters.toUpperCase();
    if (ISO_CURRENCIES.has(code)) return only === undefined || only === code;
    return LOCAL_CURRENCIES.has(letters.toLowerCase());
  };
}

/** Blanks that people group digits with, or that programs put there for them. */
const BLANKS = ' \u00a0\u202f';

function localReader(decimalChar: string, groupChar: string | undefined): CellReader {
  const groups = groupChar === undefined ? [] : BLANKS.includes(groupChar) ? [...BLANKS] : [groupChar];
  const group = groups.map(escaped).join('');
  const decimal = escaped(decimalChar);
  // Groups of three: a point for the fraction would otherwise be one between groups, and make 15 of 1.5.
  const grouped = new RegExp(`^[+-]?\\d{1,3}(?:[${group}]\\d{3})+(?:${decimal}\\d*)?$`);
  return (cell) => {
    let digits = cell;
    if (groups.some((character) => digits.includes(character))) {
      if (!grouped.test(digits)) return Number.NaN;
      for (const character of groups) digits = digits.replaceAll(character, '');
    }
    if (decimalChar === '.') return readPlain(digits);
    return digits.includes('.') ? Number.NaN : readPlain(digits.replace(decimalChar, '.'));
  };
}

/** Of signs, which these are; a letter would become something else. */
function escaped(sign: string): string {
  return `\\${sign}`;
}

const ZERO = 48;
const NINE = 57;

/** A currency by its sign or its letters, or a percent sign; an amount may also have its sign before that. */
const AROUND =
  /^([+-]?)\s*(?:[\p{Sc}%]|(\p{L}{1,3})\.?)?\s*([+-]?(?:[^\s\p{L}\p{Sc}%].*)?\d)\s*(?:[\p{Sc}%]|(\p{L}{1,3})\.?)?$/u;

/** No amount is as long, and looking for what is around it would take long. */
const MAX_AMOUNT_LENGTH = 100;

/** The number alone; nothing where it cannot be told, which is no number. */
function withoutSigns(cell: string, isCurrency: (letters: string) => boolean): string {
  if (isDigit(cell.charCodeAt(cell.length - 1)) && !/^[+-]?[\p{Sc}%\p{L}\s]/u.test(cell)) return cell;
  if (cell.length > MAX_AMOUNT_LENGTH) return NOT_A_NUMBER;
  const [, sign = '', before, number = '', after] = AROUND.exec(cell.replace('\u2212', '-')) ?? [];
  const isSignedTwice = sign !== '' && /^[+-]/.test(number);
  const isOther = [before, after].some((letters) => letters !== undefined && !isCurrency(letters));
  return number === '' || isSignedTwice || isOther ? NOT_A_NUMBER : `${sign}${number}`;
}

const NOT_A_NUMBER = '?';

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
