import { type ComponentChildren, h, type JSX } from 'preact';
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

/** Two columns, so that both have room on a phone. How columns are read is left out where that is known of none. */
function columnsFor(rows: readonly InputColumn[]): TableColumn<InputColumn>[] {
  const name = { name: 'Column', cell: ({ header, field }: InputColumn) => above(header, `as ${field}`) };
  const form = { name: 'Read as', cell: ({ form, decidedBy }: InputColumn) => above(form, decidedBy) };
  return rows.some((row) => row.form !== '') ? [name, form] : [name];
}

function above(text: string, note: string): ComponentChildren {
  const shown = plainText(text, MAX_TEXT_LENGTH);
  if (note === '') return shown;
  return [shown, h('br', null), h('span', { class: 'note' }, plainText(note, MAX_TEXT_LENGTH))];
}
