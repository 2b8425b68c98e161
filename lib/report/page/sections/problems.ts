import { h, type JSX } from 'preact';
import type { Summary } from '../../../run/summary.ts';
import { counted, formatCount } from '../../view/numbers.ts';
import { plainText } from '../../view/plain-text.ts';
import { section, table } from '../elements/markup.ts';

const MAX_PROBLEMS = 10;
const MAX_MESSAGE_LENGTH = 200;

/** Which calls failed for good; nothing when none did. */
export function failuresSection({ failures, members }: Summary): JSX.Element | undefined {
  if (failures.length === 0) return undefined;
  return section(
    'failures',
    'What failed',
    h(
      'p',
      null,
      `${counted(members.failed, 'member')} could not be scored. Sheet `,
      h('b', null, 'Failures'),
      ' of ',
      workbook(),
      ' lists every call.',
    ),
    table(
      'Calls that failed for good',
      [
        { name: 'Endpoint', cell: ({ step }) => step.toUpperCase() },
        { name: 'HTTP status', numeric: true, cell: ({ status }) => status ?? 'none' },
        { name: 'Calls', numeric: true, cell: ({ calls }) => formatCount(calls) },
        { name: 'For example', cell: ({ example }) => plainText(example, MAX_MESSAGE_LENGTH) },
      ],
      failures,
    ),
  );
}

/** Why rows were rejected; nothing when none was. */
export function rejectionsSection({ rejections, rows }: Summary): JSX.Element | undefined {
  if (rejections.length === 0) return undefined;
  const named = rejections.slice(0, MAX_PROBLEMS).map(({ problem, rows: count }) => ({
    name: plainText(problem, MAX_MESSAGE_LENGTH),
    count,
  }));
  const rest = rejections.slice(MAX_PROBLEMS);
  const others = {
    name: counted(rest.length, 'other problem'),
    count: rest.reduce((sum, { rows: count }) => sum + count, 0),
  };
  return section(
    'rejections',
    'Why rows were rejected',
    h(
      'p',
      null,
      `${formatCount(rows.rejected)} of ${counted(rows.read, 'row')} could not be used. Sheet `,
      h('b', null, 'Rejected rows'),
      ' of ',
      workbook(),
      ' has each with its line and text.',
    ),
    table(
      'Rejected rows by problem',
      [
        { name: 'Problem', cell: ({ name }) => name },
        { name: 'Rows', numeric: true, cell: ({ count }) => formatCount(count) },
      ],
      rest.length > 0 ? [...named, others] : named,
    ),
  );
}

function workbook(): JSX.Element {
  return h('a', { href: 'report.xlsx' }, 'report.xlsx');
}
