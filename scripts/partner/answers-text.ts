import { callsOf } from '../../lib/calls.ts';
import type { Definition } from '../../lib/partners/definition.ts';
import { predictionIn, type ScoredMember } from '../../lib/run/contracts.ts';
import { formatDuration } from '../../lib/timing/duration.ts';
import { printable, whole } from '../../local/terminal/printable.ts';
import type { Asked } from '../shared/scoring.ts';
import { memberTables, shortNumber } from './member-tables.ts';

const NONE = 'none';
const MAX_OFFER_LENGTH = 14;

/** What the endpoints answered for the members of a trial, for people; then why members failed, a line each. */
export function answersText({ members, urls, reference }: Asked, definition: Definition): string {
  const { models, offer, all } = callsOf(definition);
  const addresses = all.map(({ name, label }) => `  ${label}  ${printable(urls[name] ?? NONE)}`);
  const lines = [
    ...models.map(({ name, label }) => ({
      name: label,
      cell: ({ outcome }: ScoredMember) => predictionText(outcome, name),
    })),
    ...(offer === undefined ? [] : [{ name: offer.label, cell: offerText }]),
    { name: 'took', cell: ({ latency }: ScoredMember) => formatDuration(latency.total) },
  ];
  const failures = failureLines(members);
  const sections = [
    [
      `answers of ${reference ? 'the reference endpoints, started here for these calls' : "the partner's endpoints"}:`,
      ...addresses,
    ],
    ...memberTables(members, lines),
    ...(failures.length === 0 ? [] : [['failed:', ...failures]]),
  ];
  return sections.map((section) => section.join('\n')).join('\n\n');
}

function predictionText(outcome: ScoredMember['outcome'], model: string): string {
  const prediction = predictionIn(outcome, model);
  return prediction === undefined ? NONE : shortNumber(prediction);
}

function offerText({ outcome }: ScoredMember): string {
  return outcome.status === 'SCORED' && outcome.offer !== undefined ? printable(outcome.offer, MAX_OFFER_LENGTH) : NONE;
}

/** Each message once, with how many members have it and the first of them. */
function failureLines(members: readonly ScoredMember[]): string[] {
  const failures = members.flatMap(({ memberId, outcome }) =>
    outcome.status === 'FAILED' ? outcome.failures.map(({ message }) => ({ memberId, message })) : [],
  );
  return [...Map.groupBy(failures, ({ message }) => message)].map(
    ([message, [first, ...others]]) =>
      `  ${1 + others.length} × ${whole(message)}, as for ${printable(first?.memberId ?? '')}`,
  );
}
