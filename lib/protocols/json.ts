import { asList, JSON_HEADERS, parseJson } from './json-answer.ts';
import { type Protocol, type ProtocolKind, USUAL_ROWS } from './protocol.ts';

const one: Protocol = {
  headers: JSON_HEADERS,
  isNamed: true,
  encode: ([row]) => JSON.stringify(row),
  decode: (text, example) => [parseJson(text, example)],
  example: (value) => value,
};

const several: Protocol = {
  headers: JSON_HEADERS,
  isNamed: true,
  encode: (rows) => JSON.stringify(rows),
  decode: (text, example) => asList(parseJson(text, example), 'it is no list', example),
  example: (value) => `[${value}]`,
};

/**
 * A row is a JSON object, and so is its answer; with `list`, both are in lists. What is sent depends on the partner file
 * alone, not on how many rows there happen to be.
 */
export const JSON_OBJECTS: ProtocolKind = {
  layouts: { object: { rows: 1, isSingle: true, of: () => one }, list: { rows: USUAL_ROWS, of: () => several } },
  keys: [],
};
