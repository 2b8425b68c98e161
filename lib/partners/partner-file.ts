import { hash } from 'node:crypto';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type * as z from 'zod';
import { type Definition, definitionShape, MAX_FEATURES } from './definition.ts';
import { definitionSchema } from './definition-schema.ts';

/** What is wrong at a place in a partner file. */
export interface Mistake {
  /** Of the file, from 1. */
  line: number;
  /** The key, with those that it is under: `features.SPEND.sum`; empty for the file as a whole. */
  key: string;
  problem: string;
}

/** A partner file that cannot be used: the message has a line for each mistake, in the order of the file. */
export class PartnerFileError extends Error {
  override name = 'PartnerFileError';
  readonly mistakes: readonly Mistake[];

  /** @param path of the file, as people know it */
  constructor(path: string, mistakes: readonly Mistake[]) {
    super(
      mistakes.map(({ line, key, problem }) => `${path}:${line}: ${key === '' ? '' : `${key}: `}${problem}`).join('\n'),
    );
    this.mistakes = mistakes;
  }
}

/** A definition, and where it comes from. */
export interface Partner {
  /** The file below `partners/`, such as `default.yml` or `examples/retailer.yml`. */
  file: string;
  /** Tells versions of the file apart: the first 12 hexadecimal digits of its SHA-256. */
  digest: string;
  definition: Definition;
}

const DIGEST_LENGTH = 12;

/** So that no file takes much memory before its features are counted. */
const MAX_CHARACTERS = 128 * 1024;
const TOO_LARGE = `the file is longer than 128 KiB: ${MAX_FEATURES} features, the most there can be, take far less`;

/** More than these mistakes at once help nobody. */
const MAX_MISTAKES = 20;

/**
 * Reads a partner file.
 * @param path of the file, as messages have it
 * @throws PartnerFileError that names line, key and what is wrong
 */
export function readPartnerFile(path: string, text: string): Partner {
  if (text.length > MAX_CHARACTERS) throw new PartnerFileError(path, [{ line: 1, key: '', problem: TOO_LARGE }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const [mistake] = yamlMistakes(document, lines);
  // The others follow from the first.
  if (mistake !== undefined) throw new PartnerFileError(path, [mistake]);
  const shape = definitionShape.safeParse(document.toJS({ maxAliasCount: 0 }));
  const parsed = shape.success ? definitionSchema.safeParse(shape.data) : shape;
  if (parsed.success) {
    const digest = hash('sha256', text).slice(0, DIGEST_LENGTH);
    return { file: path.replace(/^partners\//, ''), digest, definition: parsed.data };
  }
  const mistakes = parsed.error.issues.map((issue) => mistakeOf(issue, document, lines));
  throw new PartnerFileError(path, mistakes.toSorted((one, other) => one.line - other.line).slice(0, MAX_MISTAKES));
}

function mistakeOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): Mistake {
  const path = [...issue.path.map(String), ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  const problem = issue.code === 'invalid_key' ? `a name ${issue.issues[0]?.message}` : issue.message;
  return { line: lineOf(document, lines, path), key: path.map((name) => name || '""').join('.'), problem };
}

/** What YAML itself does not allow, and what of it is not read here. */
function yamlMistakes(document: Document, lines: LineCounter): Mistake[] {
  const mistakes = [...document.errors, ...document.warnings].map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    key: '',
    problem: problemOf(error),
  }));
  const report = (offset: number | undefined, problem: string) =>
    mistakes.push({ line: lines.linePos(offset ?? 0).line, key: '', problem });
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) report(node.range?.[0], 'anchors and aliases (& and *) are not read here: write it out');
      return isAlias(node) ? visit.BREAK : undefined;
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__') report(key.range?.[0], '__proto__ cannot be a name');
    },
  });
  return mistakes;
}

const PROBLEMS: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'a tab cannot indent a line; use spaces',
  DUPLICATE_KEY: 'this key is there already, in the same group',
  MULTIPLE_DOCS: 'there is a second document after ---, and a file has one',
};

function problemOf({ code, message }: YAMLError): string {
  if (message.startsWith('Maximum call stack')) return 'this is nested too deeply';
  return PROBLEMS[code] ?? `this is no YAML: ${message}`;
}

/** The line of what a path leads to, or of what it leads through last. */
function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const name of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
      if (pair === undefined) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      const child: unknown = document.getIn(path.slice(0, path.indexOf(name) + 1), true);
      if (!isNode(child)) break;
      offset = child.range?.[0] ?? offset;
      node = child;
    }
  }
  return lines.linePos(offset).line;
}
