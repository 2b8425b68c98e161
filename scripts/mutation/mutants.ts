import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** One change to the code that a test should notice. */
export interface Mutant {
  id: string;
  file: string;
  /** Counted from 1. */
  line: number;
  original: string;
  replacement: string;
}

/** Files as JavaScript with all of their mutants. Which mutant is active is decided at run time. */
export interface Planted {
  mutants: Mutant[];
  sources: ReadonlyMap<string, string>;
}

/** @param files TypeScript */
export async function plantMutants(files: readonly string[]): Promise<Planted> {
  const originals = new Map<string, string>();
  for (const file of files) originals.set(file, await readFile(file, 'utf8'));
  const inputs = [...originals].map(([name, content]) => ({ name, content, mutate: true }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const planted = await new Instrumenter(SILENCE).instrument(inputs, options);
  const mutants = planted.mutants.map(({ id, fileName, location, replacement }) => {
    const original = textAt(originals.get(fileName) ?? '', location);
    return { id, file: fileName, line: location.start.line + 1, original, replacement };
  });
  return { mutants, sources: new Map(planted.files.map(({ name, content }) => [name, stripTypeScriptTypes(content)])) };
}

interface Position {
  line: number;
  column: number;
}

function textAt(text: string, { start, end }: { start: Position; end: Position }): string {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  // The end is cut first: on a single line, cutting the beginning would move the end.
  lines[last] = (lines[last] ?? '').slice(0, end.column);
  lines[0] = (lines[0] ?? '').slice(start.column);
  return lines.join('\n');
}

const no = () => false;
const nothing = () => undefined;
const SILENCE = {
  ...{ isTraceEnabled: no, isDebugEnabled: no, isInfoEnabled: no, isWarnEnabled: no, isErrorEnabled: no },
  ...{
    isFatalEnabled: no,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    fatal: nothing,
  },
};
