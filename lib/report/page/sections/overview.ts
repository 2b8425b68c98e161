import { h, type JSX } from 'preact';
import { plainText } from '../../view/plain-text.ts';
import type { RunView } from '../../view/view.ts';

const MAX_REASON_LENGTH = 600;
const MAX_FACT_LENGTH = 200;

/** The run at a glance: its status with the reason, and its facts. */
export function header({ status, reason, checks, facts }: RunView): JSX.Element {
  return h(
    'header',
    null,
    h(
      'div',
      { class: 'title' },
      h('h1', null, 'Member offers'),
      h('p', { class: `status ${status.toLowerCase()}` }, h('span', { class: 'hidden' }, 'Status: '), status),
    ),
    h('p', { class: 'reason' }, plainText(reason, MAX_REASON_LENGTH)),
    ...checks.map(({ sentence }) => h('p', { class: 'check' }, h('b', null, 'Check: '), sentence)),
    h(
      'dl',
      { class: 'facts' },
      ...facts.map(({ name, text }) =>
        h('div', null, h('dt', null, name), h('dd', null, plainText(text, MAX_FACT_LENGTH))),
      ),
    ),
  );
}

/** The numbers that people ask for first. */
export function keyFigures({ keyFigures: figures }: RunView): JSX.Element {
  return h(
    'section',
    { class: 'cards', 'aria-label': 'Key figures' },
    ...figures.map(({ headline: { name, value, notes } }) =>
      h(
        'div',
        { class: 'card' },
        h('p', { class: 'name' }, name),
        h('p', { class: 'value' }, value),
        ...notes.map((note) => h('p', { class: 'note' }, note)),
      ),
    ),
  );
}
