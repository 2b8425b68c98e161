import { type ComponentChildren, h, type JSX } from 'preact';
import { counted, formatCount } from '../../../counted.ts';
import type { Summary } from '../../../run/summary.ts';
import { plainName, plainText } from '../../view/plain-text.ts';
import type { FailureRow } from '../../view/problems.ts';
import type { RunView } from '../../view/view.ts';
import { section, table } from '../elements/markup.ts';

const MAX_MESSAGE_LENGTH = 200;

/** Which calls failed for good; undefined when none did. */
export function failuresSection({ failures }: RunView, { members }: Summary): JSX.Element | undefined {
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
        { name: 'What failed, and an example', cell: failureCell },
        { name: 'Calls', numeric: true, cell: ({ countText }) => countText },
      ],
      failures,
      'wrapped',
    ),
  );
}

/** The example stands below the problem, because it is too long to fit beside it on a phone. */
function failureCell({ problem, example }: FailureRow): ComponentChildren {
  return example === undefined
    ? problem
    : [h('b', null, problem), h('br', null), plainText(example, MAX_MESSAGE_LENGTH)];
}

/** Why rows were rejected; undefined when none was. */
export function rejectionsSection({ rejections }: RunView, { rows }: Summary): JSX.Element | undefined {
  if (rejections.length === 0) return undefined;
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
        { name: 'Problem', cell: ({ problem }) => plainText(problem, MAX_MESSAGE_LENGTH) },
        { name: 'Rows', numeric: true, cell: ({ countText }) => countText },
      ],
      rejections,
      'wrapped',
    ),
  );
}

/** Members all of whose rows were rejected; undefined when there are none. */
export function missingSection({ losses }: RunView): JSX.Element | undefined {
  if (losses === undefined || losses.missing === 0) return undefined;
  return section(
    'missing',
    'Members without any row',
    h(
      'p',
      null,
      `All rows of ${counted(losses.missing, 'member')} were rejected, so that nothing was predicted for them. Sheet `,
      h('b', null, 'Missing members'),
      ' of ',
      workbook(),
      ' lists them.',
    ),
    table(
      'Members without any row, in the order of the file',
      [
        { name: 'Member', cell: ({ memberId }) => (memberId === undefined ? '…' : plainName(memberId)) },
        { name: 'Rows', numeric: true, cell: ({ rowsText }) => rowsText },
        {
          name: 'The first one',
          cell: ({ line, reason }) =>
            plainText(line === undefined ? reason : `line ${line}: ${reason}`, MAX_MESSAGE_LENGTH),
        },
      ],
      losses.missingRows,
      'wrapped',
    ),
  );
}

function workbook(): JSX.Element {
  return h('a', { href: 'report.xlsx' }, 'report.xlsx');
}
