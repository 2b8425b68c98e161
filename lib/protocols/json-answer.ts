import { type Protocol, UnusableAnswerError } from './protocol.ts';

/** JSON's strings, which are left alone, and the numbers that JSON has no words for, as Python and C++ write them. */
const STRING_OR_TOKEN = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|nan|Infinity|inf)\b/g;

export const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

/** Before such a token, in a text that stands for it. */
const MARK = '\0';

/**
 * What a text in JSON says. Where it is no JSON for bare `NaN` and `Infinity` alone, these are read as what they are, so that
 * they lose their own rows and no others.
 *
 * @param example a usable answer, for messages
 * @throws UnusableAnswerError
 */
export function parseJson(text: string, example: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return parseTokens(text) ?? refuse(`no JSON such as ${example}`, error);
  }
}

/** As `parseJson`; undefined when a text is no JSON. */
export function parsedOrNot(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseTokens(text);
  }
}

/** An object's own field; undefined when there is none. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/**
 * The list under one of an answer's fields.
 *
 * @throws UnusableAnswerError when there is none
 */
export function listIn(answer: unknown, name: string, example: string): readonly unknown[] {
  return asList(fieldOf(answer, name), `it has no list ${name}`, example);
}

/** @throws UnusableAnswerError when it is none */
export function asList(answer: unknown, problem: string, example: string): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  throw new UnusableAnswerError(`JSON of another shape than ${example} (${problem})`, { isOfRows: true });
}

/** The text under a field of what may be an object in JSON. */
export function textUnder(name: string, text: string): string | undefined {
  const value = fieldOf(parsedOrNot(text), name);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Of the protocols that answer `{"predictions": […]}`: all but how their requests are written. */
export const PREDICTIONS_ANSWER: Omit<Protocol, 'encode'> = {
  headers: JSON_HEADERS,
  isNamed: false,
  decode: (text, example) => listIn(parseJson(text, example), 'predictions', example),
  example: (value) => `{"predictions": [${value}]}`,
};

function parseTokens(text: string): unknown {
  const marked = text.replace(STRING_OR_TOKEN, (found) =>
    found.startsWith('"') ? found : JSON.stringify(MARK + found),
  );
  try {
    return JSON.parse(marked, (_, value) =>
      typeof value === 'string' && value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value,
    );
  } catch {
    return undefined;
  }
}

function refuse(problem: string, cause: unknown): never {
  throw new UnusableAnswerError(problem, { cause });
}
