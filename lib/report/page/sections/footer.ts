import { h, type JSX } from 'preact';
import { EXPECTED_VALUE_FORMULA, PREDICTION_DEFINITION, PREDICTIONS } from '../../../calls.ts';
import { OUTPUT_NAMES, OUTPUTS } from '../../../run/outputs.ts';

const FILES = OUTPUT_NAMES.filter((output) => output !== 'page').map((output) => OUTPUTS[output]);

const TERMS = [
  ...PREDICTIONS.map((prediction) => {
    const { label, meaning } = PREDICTION_DEFINITION[prediction];
    return [label, meaning] as const;
  }),
  [
    'Expected value',
    `${EXPECTED_VALUE_FORMULA}: the transaction size to expect once the chance of no response is counted in.`,
  ],
  ['Wait', 'The time from when an object was stored to when the function that it starts began.'],
  ['Imputed', 'A blank cell was read as a default, such as 0 points; the row still counts.'],
  ['p50, p90, p99', 'Half, 90% or 99% of the observations took no longer than this.'],
] as const;

/** The links to the other outputs, and the meaning of the page's terms. */
export function footer(): JSX.Element {
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
    h('dl', { class: 'terms' }, ...TERMS.flatMap(([term, meaning]) => [h('dt', null, term), h('dd', null, meaning)])),
  );
}
