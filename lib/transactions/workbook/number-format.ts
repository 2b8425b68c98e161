import { currenciesOf } from '../currencies.ts';

/** How a workbook shows numbers: as they are, as dates, or as times of a day. */
export type NumberFormat =
  | {
      kind: 'number';
      /** The percent sign or currency that is shown. */
      sign: string;
      /** How whole numbers are shown that stand for something else, such as ids: `M0042`. */
      template?: readonly Token[];
    }
  | { kind: 'date' }
  | { kind: 'time' };

/** A piece of a format's code: a character that says how the number is shown, or text that is shown as it is. */
type Token = { code: string } | { text: string };

const PLAIN: NumberFormat = { kind: 'number', sign: '' };
const PERCENT: NumberFormat = { kind: 'number', sign: '%' };
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

/** The longest code that Excel takes. */
const MAX_CODE_LENGTH = 255;

/** @param code the format's code, when the workbook has one for this number */
export function numberFormatOf(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return BUILT_IN.get(id) ?? PLAIN;
  if (code.length > MAX_CODE_LENGTH) return PLAIN;
  const sections = sectionsOf(code);
  // The first is for numbers above 0, or for all, unless it says of itself for which.
  const [first = PLAIN] = sections.map(({ format }) => format);
  if (sections[0]?.isConditional !== true) return first;
  return sections.find(({ format }) => format.kind !== 'number')?.format ?? first;
}

interface Section {
  format: NumberFormat;
  isConditional: boolean;
}

/** Sections, in which `;` may be quoted or escaped. */
const SECTIONS = /(?:"[^"]*"?|\\.|\[[^\]]*\]?|[^;"\\[])+/g;

/** Quoted texts; escaped characters; blanks as wide as a character, and characters that are repeated; brackets; others. */
const PIECES = /"([^"]*)"?|\\(.)|[_*].?|\[([^\]]*)\]?|(.)/gsu;

const CONDITION = /^[<>=]/;
/** Hours, minutes or seconds that have passed: these are no time of a day. */
const ELAPSED = /^(?:h+|m+|s+)$/i;
/** A currency before its language, `[$€-407]`; without one it is the language alone. */
const CURRENCY = /^\$([^-]*)/;

function sectionsOf(code: string): Section[] {
  return (code.match(SECTIONS) ?? []).map((section) => {
    const brackets: string[] = [];
    const tokens: Token[] = [];
    let currency: string | undefined;
    for (const [, quoted, escaped, bracket, character] of section.matchAll(PIECES)) {
      if (bracket !== undefined) {
        brackets.push(bracket);
        currency ??= CURRENCY.exec(bracket)?.[1]?.trim() || undefined;
      } else if (character === undefined) addText(tokens, quoted ?? escaped ?? '');
      else if (/\p{Sc}/u.test(character)) addText(tokens, character);
      else tokens.push({ code: character });
    }
    const format = formatOf(tokens, brackets, currency ?? currencyIn(tokens));
    return { format, isConditional: brackets.some((bracket) => CONDITION.test(bracket)) };
  });
}

/** Letters that are escaped one by one make a word. */
function addText(tokens: Token[], text: string): void {
  const last = tokens.at(-1);
  if (text === '') return;
  if (last !== undefined && 'text' in last) last.text += text;
  else tokens.push({ text });
}

function formatOf(tokens: readonly Token[], brackets: readonly string[], currency: string | undefined): NumberFormat {
  const pattern = tokens.map((token) => ('code' in token ? token.code : '')).join('');
  const isGeneral = /^\s*(?:general|@)\s*$/i.test(pattern);
  const isElapsed = brackets.some((bracket) => ELAPSED.test(bracket));
  if (!isGeneral && !isElapsed && /[ymdhs]/i.test(pattern)) return isTimeOfDay(pattern) ? TIME : DATE;
  if (pattern.includes('%')) return PERCENT;
  if (currency !== undefined) return { kind: 'number', sign: currency };
  const places = pattern.replaceAll(/[^0#]/g, '').length;
  const isTemplate = /^[0# ()/-]+$/.test(pattern) && (places > 1 || tokens.some((token) => 'text' in token));
  return isTemplate ? { kind: 'number', sign: '', template: tokens } : PLAIN;
}

/** Without a year, a day, or a month, which is an m that no hour or second makes a minute. */
function isTimeOfDay(pattern: string): boolean {
  return !/[yd]|mmm/i.test(pattern) && /[hs]/i.test(pattern);
}

function currencyIn(tokens: readonly Token[]): string | undefined {
  const texts = tokens.map((token) => ('text' in token ? token.text.trim() : ''));
  return texts.find((text) => text !== '' && currenciesOf(text) !== undefined);
}

/** A whole number as a template shows it. @param digits without a sign */
export function filledTemplate(template: readonly Token[], digits: string): string {
  const places = template.filter((token) => 'code' in token && /[0#]/.test(token.code)).length;
  let place = places;
  let shown = '';
  for (const token of template) {
    if ('text' in token) shown += token.text;
    else if (!/[0#]/.test(token.code)) shown += token.code;
    else {
      // The first place has all digits for which there is no place.
      const from = place === places ? 0 : digits.length - place;
      const ofPlace = digits.slice(Math.max(0, from), Math.max(0, digits.length - place + 1));
      shown += ofPlace === '' && token.code === '0' ? '0' : ofPlace;
      place -= 1;
    }
  }
  return shown;
}
