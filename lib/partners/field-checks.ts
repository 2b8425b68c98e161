import { COUNTED_FORMATS, DateFormatError, dateOrderOf, datePartsOf } from './date-format.ts';
import { type FieldDefinition, type InputDefinition, MAX_NUMBER } from './definition.ts';
import { HeaderNames, type Title, titleOf } from './titles.ts';

/** Tells of a mistake at a place in the file. */
export type Report = (path: readonly string[], message: string) => void;

/** Keys that mean something for one type only. */
const KEYS_OF_TYPES = {
  string: ['enum'],
  number: ['decimalChar', 'groupChar', 'bareNumber', 'unit'],
  datetime: ['format', 'timezone'],
} as const satisfies Record<FieldDefinition['type'], readonly (keyof FieldDefinition)[]>;

const ISO_DATE = /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?$/;

/** Looks for what is wrong with fields beyond their shape. */
export function checkFields({ fields }: InputDefinition, report: Report): void {
  checkRoles(fields, report);
  checkTitles(fields, report);
  for (const [name, field] of Object.entries(fields)) {
    const reportHere: Report = (path, message) => report(['input', 'fields', name, ...path], message);
    if (name === 'transactions') reportHere([], 'cannot be the name of a field: count has it for all transactions');
    checkKeysOfType(field, reportHere);
    if (field.required === true && field.default !== undefined) {
      reportHere(
        ['default'],
        'is never used, because a blank cell rejects its row: leave out either required or default',
      );
    }
    if (field.type === 'string') checkString(name, field, reportHere);
    if (field.type === 'number') checkNumber(field, reportHere);
    if (field.type === 'datetime') checkDatetime(field, reportHere);
  }
}

function checkRoles(fields: InputDefinition['fields'], report: Report): void {
  const { member, time } = fields;
  if (member === undefined) report(['input', 'fields'], 'must have a field member, which tells members apart');
  else if (member.type !== 'string' || member.enum !== undefined || member.required !== true) {
    report(['input', 'fields', 'member'], 'must be of type string and required: true, without an enum');
  }
  if (time === undefined) report(['input', 'fields'], 'must have a field time, which orders transactions');
  else if (time.type !== 'datetime') report(['input', 'fields', 'time', 'type'], 'must be datetime');
  else if (time.required !== true && time.default === undefined) {
    report(
      ['input', 'fields', 'time'],
      'must be required: true, or have a default, because transactions are ordered by it',
    );
  }
}

function checkTitles(fields: InputDefinition['fields'], report: Report): void {
  const known: { title: Title; written: string; field: string }[] = [];
  for (const [field, { titles }] of Object.entries(fields)) {
    for (const [place, written] of titles.entries()) {
      const title = titleOf(written);
      const path = ['input', 'fields', field, 'titles', String(place)];
      if (title.key === '') report(path, 'must have a letter or a digit, because nothing else is compared');
      const name = new HeaderNames([written]);
      const other = known.find((candidate) => candidate.field !== field && name.has([candidate.title]));
      if (other !== undefined)
        report(path, `is the title ${other.written} of the field ${other.field}, too: case and signs do not count`);
      known.push({ title, written, field });
    }
  }
}

function checkKeysOfType(field: FieldDefinition, report: Report): void {
  for (const [type, keys] of Object.entries(KEYS_OF_TYPES)) {
    if (type === field.type) continue;
    for (const key of keys)
      if (field[key] !== undefined) report([key], `is for fields of type ${type}, and this is ${field.type}`);
  }
}

function checkString(name: string, field: FieldDefinition, report: Report): void {
  if (name === 'member') return;
  if (field.enum === undefined) {
    report(
      [],
      'needs an enum, because no feature can use a text that may be anything: give its values, or leave the field out',
    );
    return;
  }
  const names = Object.keys(field.enum);
  if (names.length === 0) report(['enum'], 'must have at least one value');
  if (field.default !== undefined && !names.some((value) => value === field.default)) {
    report(['default'], 'must be one of the names in enum');
  }
  const known = new Map<string, string>();
  for (const [value, spellings] of Object.entries(field.enum)) {
    for (const spelling of new Set([value, ...spellings].map((text) => text.trim().toLowerCase()))) {
      const other = known.get(spelling);
      if (other !== undefined)
        report(['enum', value], `is written as ${JSON.stringify(spelling)}, which means ${other} already`);
      known.set(spelling, value);
    }
  }
}

function checkNumber(field: FieldDefinition, report: Report): void {
  const { decimalChar = '.', groupChar } = field;
  if (field.default !== undefined && !(typeof field.default === 'number' && Math.abs(field.default) <= MAX_NUMBER)) {
    report(['default'], 'must be a number up to 1e15, not in quotes');
  }
  if (decimalChar === groupChar) report(['groupChar'], 'must be another character than decimalChar');
  for (const [key, character] of Object.entries({ decimalChar, groupChar })) {
    if (character !== undefined && /[\p{L}\p{N}+-]/u.test(character))
      report([key], 'must not be a part of a number itself');
  }
}

function checkDatetime({ default: value, format, timezone }: FieldDefinition, report: Report): void {
  if (value !== undefined && !isDate(value))
    report(['default'], 'must be a date such as 1990-01-01, or with a time, 1990-01-01 12:30');
  if (format !== undefined && !COUNTED_FORMATS.includes(format) && dateOrderOf(format) === undefined) {
    try {
      datePartsOf(format);
    } catch (error) {
      if (!(error instanceof DateFormatError)) throw error;
      report(['format'], `cannot be used: ${error.message}`);
    }
  }
  if (timezone !== undefined && !isTimeZone(timezone)) {
    report(['timezone'], 'is no IANA time zone, such as UTC or Europe/Berlin');
  }
}

function isDate(value: string | number): boolean {
  if (typeof value !== 'string' || !ISO_DATE.test(value)) return false;
  const day = value.slice(0, 10);
  const time = Date.parse(`${value.replace(' ', 'T')}${value.length > 10 ? 'Z' : ''}`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function isTimeZone(timezone: string): boolean {
  try {
    // A bare offset is one to Node, too, but not in every system that reads such files.
    return !/^[+-]/.test(timezone) && new Intl.DateTimeFormat('en', { timeZone: timezone }) !== undefined;
  } catch {
    return false;
  }
}
