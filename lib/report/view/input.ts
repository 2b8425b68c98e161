import { counted, formatCount } from '../../counted.ts';
import type { Summary } from '../../run/summary.ts';
import type { Understood } from '../../transactions/understood.ts';
import type { Fact } from './facts.ts';

/** How a file was read, in words. */
export interface InputView {
  /** What holds for the file as a whole. */
  facts: Fact[];
  /** The column that each field was read from, and how. */
  columns: InputColumn[];
  /** What was assumed besides, a sentence each. */
  notes: readonly string[];
}

/** A text that is empty says that there is nothing to say. */
export interface InputColumn {
  field: string;
  header: string;
  form: string;
  decidedBy: string;
}

/** A cell or a line holds no thousand of them; `summary.json` has all. */
const MAX_PARTS = 20;

/** Undefined when nothing is known of it. */
export function inputView({ understood }: Pick<Summary, 'understood'>): InputView | undefined {
  if (understood === undefined) return undefined;
  const facts = inputFacts(understood);
  const columns = understood.columns.map(({ form = '', decidedBy = '', ...column }) => ({
    ...column,
    form,
    decidedBy,
  }));
  const isEmpty = facts.length + columns.length + understood.notes.length === 0;
  return isEmpty ? undefined : { facts, columns, notes: understood.notes };
}

function inputFacts({ kind, parts = [], encoding, separator, headerLine, skipped }: Understood): Fact[] {
  const facts = {
    Kind: kind,
    Parts: partsText(parts),
    Encoding: encoding,
    Separator: separator,
    Header: headerLine === undefined ? undefined : `line ${formatCount(headerLine)}`,
    Skipped: skipped.map(({ what, lines }) => `${formatCount(lines)} × ${what}`).join(', '),
  };
  return Object.entries(facts).flatMap(([name, text]) => (text === undefined || text === '' ? [] : [{ name, text }]));
}

function partsText(parts: NonNullable<Understood['parts']>): string {
  const shown = parts.slice(0, MAX_PARTS).map(({ name, rows }) => `${name} (${counted(rows, 'row')})`);
  const others = parts.slice(MAX_PARTS);
  const rows = others.reduce((sum, part) => sum + part.rows, 0);
  return `${shown.join(', ')}${others.length === 0 ? '' : ` and ${counted(others.length, 'other')} (${counted(rows, 'row')})`}`;
}

/** The same on a few lines: the columns only where more is known of them than their names. */
export function inputLines({ facts, columns, notes }: InputView): string[] {
  return [
    ...(facts.length === 0 ? [] : [facts.map(factText).join('; ')]),
    ...columns.filter(({ form }) => form !== '').map(columnText),
    ...notes,
  ];
}

/** Some texts say by themselves what they are about. */
function factText({ name, text }: Fact): string {
  if (name === 'Kind' || name === 'Encoding') return text;
  return name === 'Header' ? `header in ${text}` : `${name.toLowerCase()} ${text}`;
}

function columnText({ header, form, decidedBy }: InputColumn): string {
  return `${header}: ${form}${decidedBy === '' ? '' : ` (${decidedBy})`}`;
}
