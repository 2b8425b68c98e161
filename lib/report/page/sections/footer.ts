import { h, type JSX } from 'preact';
import type { Calls } from '../../../calls.ts';
import { OUTPUT_NAMES, OUTPUTS } from '../../../run/outputs.ts';
import { plainText } from '../../view/plain-text.ts';
import type { RunView } from '../../view/view.ts';

const FILES = OUTPUT_NAMES.filter((output) => output !== 'page').map((output) => OUTPUTS[output]);

type Term = readonly [term: string, meaning: string];

const TERMS: readonly Term[] = [
  ['Wait', 'The time from when an object was stored to when the function that it starts began.'],
  [
    'Imputed',
    'A blank cell was read as the default that the partner’s file has for it, if there is one; the row still counts.',
  ],
  ['p50, p90, p99', 'Half, 90% or 99% of the observations took no longer than this.'],
];

/** Of what the partner's models predict. */
function modelTerms({ models, expectedValue }: Calls): Term[] {
  const terms = models.map(({ label, meaning }): Term => [plainText(label), plainText(meaning)]);
  if (expectedValue === undefined) return terms;
  return [
    ...terms,
    [
      'Expected value',
      plainText(`${expectedValue.formula}: what is expected of a member, by which offers are compared.`),
    ],
  ];
}

/** The links to the other outputs, and the meaning of the page's terms. */
export function footer({ calls }: RunView): JSX.Element {
  const terms = [...modelTerms(calls), ...TERMS];
  return h(
    'footer',
    null,
    h('h2', null, 'Files beside this page'),
    h(
      'ul',
      null,
      ...FILES.map(({ file, description }) => h('li', null, h('a', { href: file }, file), `: ${description}`)),
    ),
    h('h2', null, 'What the terms mean'),
    h('dl', { class: 'terms' }, ...terms.flatMap(([term, meaning]) => [h('dt', null, term), h('dd', null, meaning)])),
  );
}
