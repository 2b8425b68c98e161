import { type FieldDefinition, MAX_NUMBER } from '../partners/definition.ts';
import { isDigit, parseNumber } from './cells.ts';
import type { CellReader, TypedCellReader } from './column-form.ts';
import { currenciesOf, currencyOfUnit, shownCurrencies } from './currencies.ts';
import { looksOf, NOT_A_NUMBER } from './no-number.ts';
import { TOO_LARGE } from './number-form.ts';
import { writtenNumber } from './written-number.ts';

const readPlain: CellReader = (cell) => parseNumber(cell) ?? Number.NaN;

/** How the numbers of a field are read. Those that are written as in programs are read by the engine itself. */
export function numberReader({ decimalChar = '.', groupChar, bareNumber = true, unit }: FieldDefinition): CellReader {
  const readBare = decimalChar === '.' && groupChar === undefined ? readPlain : localReader(decimalChar, groupChar);
  if (bareNumber) return readBare;
  const isCurrency = currencyTest(unit);
  return (cell) => readBare(withoutSigns(cell, isCurrency));
}

/** How numbers of a workbook are read where the partner's file says how texts are written: they are what they are. */
export function typedNumberReader({ unit }: FieldDefinition): TypedCellReader {
  const only = currencyOfUnit(unit);
  return (cell) => {
    if (cell.kind === 'date' || Math.abs(cell.value) > MAX_NUMBER) return Number.NaN;
    const currencies = shownCurrencies(cell.sign);
    return only === undefined || currencies === undefined || currencies.includes(only) ? cell.value : Number.NaN;
  };
}

/** Whether what stands beside a number is a currency: of a field whose unit is one, no other. */
function currencyTest(unit: string | undefined): (written: string) => boolean {
  const only = currencyOfUnit(unit);
  return (written) => {
    const currencies = currenciesOf(written);
    return currencies !== undefined && (only === undefined || currencies.includes(only));
  };
}

/** How the partner's file says that the numbers of a field are written; undefined when it does not say so. */
export function numberFormInWords({ decimalChar, groupChar, bareNumber }: FieldDefinition): string | undefined {
  const told = Object.entries({ decimalChar, groupChar, bareNumber }).filter(([, value]) => value !== undefined);
  if (told.length === 0) return undefined;
  return told.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ');
}

/** Why a cell is no number by what the partner's file says, as the end of a sentence. */
export function numberProblem(field: FieldDefinition): (cell: string) => string {
  const form = numberFormInWords(field);
  const only = currencyOfUnit(field.unit);
  const allowed = field.bareNumber === false ? ', which allows a currency or a percent sign beside it' : '';
  return (cell) => {
    const number = writtenNumber(cell);
    if (only !== undefined && number?.currencies?.includes(only) === false) {
      return `is in another currency: unit is ${only}`;
    }
    if (Math.abs(Number(cell)) > MAX_NUMBER) return TOO_LARGE;
    return `${NOT_A_NUMBER} by ${form}${(number === undefined && looksOf(cell)) || allowed}`;
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

/** A currency by its sign or its letters, or a percent sign; an amount may also have its sign before that. */
const AROUND =
  /^([+-]?)\s*(?:%|(\p{Sc}|\p{L}{1,3})\.?)?\s*([+-]?(?:[^\s\p{L}\p{Sc}%].*)?\d)\s*(?:%|(\p{Sc}|\p{L}{1,3})\.?)?$/u;

/** No amount is as long, and looking for what is around it would take long. */
const MAX_AMOUNT_LENGTH = 100;

/** The number alone; nothing where it cannot be told, which is no number. */
function withoutSigns(cell: string, isCurrency: (letters: string) => boolean): string {
  if (isDigit(cell.charCodeAt(cell.length - 1)) && !/^[+-]?[\p{Sc}%\p{L}\s]/u.test(cell)) return cell;
  if (cell.length > MAX_AMOUNT_LENGTH) return UNREADABLE;
  const [, sign = '', before, number = '', after] = AROUND.exec(cell.replace('\u2212', '-')) ?? [];
  const isSignedTwice = sign !== '' && /^[+-]/.test(number);
  const isOther = [before, after].some((letters) => letters !== undefined && !isCurrency(letters));
  return number === '' || isSignedTwice || isOther ? UNREADABLE : `${sign}${number}`;
}

const UNREADABLE = '?';
