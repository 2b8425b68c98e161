import { withoutInvisible } from './member-ids.ts';

/** Digits, signs and letters that are as wide as Chinese ones; each is so far from its usual one. */
const WIDE = /[\uFF01-\uFF5E]/g;
const WIDE_FROM_USUAL = 0xfe_e0;

/** Digits of Arabic and of Persian: the last four bits of each are its value. */
const ARABIC_DIGITS = /[\u0660-\u0669\u06F0-\u06F9]/g;
const VALUE_BITS = 0xf;

/** A minus, and the dash that word processors make of one. */
const MINUSES = /[\u2212\u2013]/g;

/** Most cells have nothing but this, which is not replaced: ASCII, blanks, and what often stands beside a number. */
const USUAL = /^[ -~\u00A0\u2009\u202F\u2019€£¥]*$/;

/** A number with what it is usually written with, in place of what looks the same; without what nobody sees. */
export function asciiNumber(cell: string): string {
  if (USUAL.test(cell)) return cell;
  return withoutInvisible(cell)
    .replace(WIDE, (sign) => String.fromCharCode(sign.charCodeAt(0) - WIDE_FROM_USUAL))
    .replace(ARABIC_DIGITS, (digit) => String(digit.charCodeAt(0) & VALUE_BITS))
    .replace(/\u066B/g, '.')
    .replace(/\u066C/g, "'")
    .replace(MINUSES, '-')
    .trim();
}
