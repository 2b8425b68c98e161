import { relative } from 'node:path';
import { textTable } from '../shared/text-table.ts';
import type { Mutant } from './mutants.ts';
import type { MutantVerdict } from './verdicts.ts';

/** Of a change with more lines, only the first and the last line are shown. */
const LINES_SHOWN = 3;

export type Judged = Mutant & { verdict: MutantVerdict };

/** A mutant that no test noticed: where it is, and what it changes. */
export function survivorText({ file, line, verdict, original, replacement }: Judged): string {
  return [`${file}:${line} ${verdict}`, ...marked('-', original), ...marked('+', replacement)].join('\n');
}

/** How many mutants of each file, and of all files, have each verdict. */
export function tableOf(judged: readonly Judged[], folder: string): string {
  const files = Map.groupBy(judged, ({ file }) => relative(folder, file) || file);
  const header = ['', 'mutants', 'killed', 'timed out', 'survived', 'not covered', 'noticed'];
  const rows = [...files, ['all', judged] as const].map(([name, mutants]) => rowOf(name, mutants));
  return textTable([header, ...rows]).join('\n');
}

function rowOf(name: string, judged: readonly Judged[]): string[] {
  const times = (verdict: MutantVerdict) => judged.filter((mutant) => mutant.verdict === verdict).length;
  const noticed = times('killed') + times('timed out');
  const counts = [judged.length, times('killed'), times('timed out'), times('survived'), times('not covered')];
  return [name, ...counts.map(String), `${((100 * noticed) / judged.length).toFixed(1)} %`];
}

function marked(sign: string, text: string): string[] {
  const lines = text.split('\n');
  const shown = lines.length > LINES_SHOWN ? [`${lines[0]} … ${lines.at(-1)?.trim()}`] : lines;
  return shown.map((line) => `  ${sign} ${line}`);
}
