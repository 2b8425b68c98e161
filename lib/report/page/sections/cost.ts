import { h, type JSX } from 'preact';
import { formatCount } from '../../../counted.ts';
import { formatDuration } from '../../../timing/duration.ts';
import type { RunView } from '../../view/view.ts';
import { section, table } from '../elements/markup.ts';

/** The cost of the run and what it is estimated from; undefined when the cost is not known. */
export function costSection({ cost }: RunView): JSX.Element | undefined {
  if (cost === undefined) return undefined;
  return section(
    'cost',
    'What it costs on AWS, estimated',
    table(
      `${cost.usdText} in all`,
      [
        { name: 'Function', cell: ({ name }) => name },
        { name: 'USD', numeric: true, cell: ({ usdText }) => usdText },
        { name: 'Invocations', numeric: true, cell: ({ invocations }) => formatCount(invocations) },
        { name: 'Duration', numeric: true, cell: ({ seconds }) => formatDuration(seconds * 1000) },
        { name: 'Memory, MB', numeric: true, cell: ({ memoryMb }) => formatCount(memoryMb) },
        { name: 'S3 PUT, COPY, LIST', numeric: true, cell: ({ s3 }) => formatCount(s3.writes) },
        { name: 'S3 GET, HEAD', numeric: true, cell: ({ s3 }) => formatCount(s3.reads) },
      ],
      cost.stages,
    ),
    h('p', { class: 'note' }, cost.basis),
  );
}
