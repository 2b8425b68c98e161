import { currenciesOf } from '../currencies.ts';

/** How a workbook shows numbers: as they are, as dates, or as times of a day. */
export type NumberFormat =
  | {
      kind: 'number';
      /** The percent sign or currency that is shown. */
      sign: string;
      /** How many digits are shown at least, as in 00042. */
      digits: number;
    }
  | { kind: 'date' }
  | { kind: 'time' };

const PLAIN: NumberFormat = { kind: 'number', sign: '', digits: 1 };
const PERCENT: NumberFormat = { kind: 'number', sign: '%', digits: 1 };
const DATE: NumberFormat = { kind: 'date' };
const TIME: NumberFormat = { kind: 'time' };

/**
 * The formats that have a number instead of a code (ECMA-376, part 1, 18.8.30), with those that Excel has in East Asia. What
 * is not among them is shown as a number; its currency depends on the reader's language, so that it tells nothing.
 */
const BUILT_IN: ReadonlyMap<number, NumberFormat> = new Map([
  ...numbered([9, 10], PERCENT),
  ...numbered([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58], DATE),
  ...numbered([18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56], TIME),
]);

function numbered(ids: readonly number[], format: NumberFormat): [number, NumberFormat][] {
  return ids.map((id) => [id, format]);
}

/** @param code the format's code, when the workbook has one for this number */
export function numberFormatOf(id: number, code: string | undefined): NumberFormat {
  return code === undefined ? (BUILT_IN.get(id) ?? PLAIN) : formatByCode(code);
}

/** Quoted texts, escaped characters, blanks as wide as a character, and characters that are repeated. */
const LITERALS = /"[^"]*"?|[\\_*]./g;
const BRACKETS = /\[([^\]]*)\]/g;
/** Hours, minutes or seconds that have passed: these are no time of a day. */
const ELAPSED = /\[(?:h+|m+|s+)\]/i;

function formatByCode(code: string): NumberFormat {
  const [section = ''] = sectionsOf(code);
  const pattern = section.replace(LITERALS, '').replace(BRACKETS, '').toLowerCase();
  if (/^general$|^@$/.test(pattern.trim())) return PLAIN;
  if (/[ymdhs]/.test(pattern) && !ELAPSED.test(section)) return isTimeOfDay(pattern) ? TIME : DATE;
  if (pattern.includes('%')) return PERCENT;
  const digits = /^0+$/.test(section) ? section.length : 1;
  return { kind: 'number', sign: currencyIn(section) ?? '', digits };
}

/** The first is for numbers above 0, or for all. */
function sectionsOf(code: string): string[] {
  return code.match(/(?:"[^"]*"?|\\.|[^;"\\])+/g) ?? [];
}

/** Without a year, a day, or a month, which is an m that no hour or second makes a minute. */
function isTimeOfDay(pattern: string): boolean {
  return !/[yd]|mmm/.test(pattern) && /[hs]/.test(pattern);
}

/** The first currency that is shown: in brackets before its language, `[$€-407]`, in quotes, or as it is. */
function currencyIn(section: string): string | undefined {
  const texts = [
    ...[...section.matchAll(/\[\$([^\]-]+)/g)].map(([, text = '']) => text),
    ...[...section.matchAll(/"([^"]*)"|\\(.)/g)].map(([, quoted, escaped]) => quoted ?? escaped ?? ''),
    ...(section.match(/\p{Sc}/gu) ?? []),
  ];
  return texts.map((text) => text.trim()).find((text) => text !== '' && currenciesOf(text) !== undefined);
}
