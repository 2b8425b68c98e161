import { h, type JSX } from 'preact';
import { formatUsd } from '../../../cost/usd.ts';
import type { Summary } from '../../../run/summary.ts';
import { formatDuration } from '../../../timing/duration.ts';
import { formatCount } from '../../view/numbers.ts';
import { costBasis } from '../../view/wording.ts';
import { section, table } from '../elements/markup.ts';

/** What the run costs, and of what that is worked out; nothing where it is not known. */
export function costSection({ cost }: Summary): JSX.Element | undefined {
  if (cost === undefined) return undefined;
  return section(
    'cost',
    'What it costs on AWS, estimated',
    table(
      `${formatUsd(cost.usd)} in all`,
      [
        { name: 'Function', cell: ({ name }) => name },
        { name: 'USD', numeric: true, cell: ({ usd }) => formatUsd(usd) },
        { name: 'Invocations', numeric: true, cell: ({ invocations }) => formatCount(invocations) },
        { name: 'Duration', numeric: true, cell: ({ seconds }) => formatDuration(seconds * 1000) },
        { name: 'Memory, MB', numeric: true, cell: ({ memoryMb }) => formatCount(memoryMb) },
        { name: 'S3 PUT, COPY, LIST', numeric: true, cell: ({ s3 }) => formatCount(s3.writes) },
        { name: 'S3 GET, HEAD', numeric: true, cell: ({ s3 }) => formatCount(s3.reads) },
      ],
      cost.stages,
    ),
    h('p', { class: 'note' }, costBasis(cost)),
  );
}
