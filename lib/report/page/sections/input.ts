import { h, type JSX } from 'preact';
import type { InputColumn } from '../../view/input.ts';
import { plainText } from '../../view/plain-text.ts';
import type { RunView } from '../../view/view.ts';
import { section, type TableColumn, table } from '../elements/markup.ts';

const MAX_TEXT_LENGTH = 400;

/** How the file was read; undefined when that is not known. */
export function inputSection({ input }: RunView): JSX.Element | undefined {
  if (input === undefined) return undefined;
  const { facts, columns, notes } = input;
  return section(
    'input',
    'How the file was read',
    facts.length > 0 &&
      h(
        'dl',
        { class: 'terms' },
        ...facts.flatMap(({ name, text }) => [h('dt', null, name), h('dd', null, plainText(text, MAX_TEXT_LENGTH))]),
      ),
    columns.length > 0 && table('The columns that were read', columnsFor(columns), columns, 'wrapped'),
    notes.length > 0 &&
      h('ul', { class: 'notes' }, ...notes.map((note) => h('li', null, plainText(note, MAX_TEXT_LENGTH)))),
  );
}

/** Without those that are empty in all rows. */
function columnsFor(rows: readonly InputColumn[]): TableColumn<InputColumn>[] {
  const columns = [
    { name: 'Field', key: 'field' },
    { name: 'Column', key: 'header' },
    { name: 'Read as', key: 'form' },
    { name: 'Decided by', key: 'decidedBy' },
  ] as const;
  return columns
    .filter(({ key }) => rows.some((row) => row[key] !== ''))
    .map(({ name, key }) => ({ name, cell: (row) => plainText(row[key], MAX_TEXT_LENGTH) }));
}
