import { type ComponentChildren, h, type JSX } from 'preact';
import { CALLS } from '../../../calls.ts';
import { estimatedUsd } from '../../../cost/usd.ts';
import type { Summary } from '../../../run/summary.ts';
import { formatDuration } from '../../../timing/duration.ts';
import { slowestStep } from '../../figures/slowest-step.ts';
import { counted, formatCount, formatInstant, formatShare, shareOf } from '../../view/numbers.ts';
import { plainName, plainText } from '../../view/plain-text.ts';
import { outOfRangeSentence } from '../../view/wording.ts';

const MAX_REASON_LENGTH = 600;
const MAX_KEY_LENGTH = 200;

/** The run at a glance: how it went, what it was, and why if it did not go well. */
export function header(summary: Summary): JSX.Element {
  const { status, reason, source, partner, asOf, runId, startedAt, elapsedMs, cost, members } = summary;
  const facts: [string, ComponentChildren][] = [
    ['File', plainText(source.key.slice(source.key.lastIndexOf('/') + 1), MAX_KEY_LENGTH)],
    ['Partner', plainName(partner)],
    ...(asOf === null ? [] : [['As of', asOf] satisfies [string, string]]),
    ['Started', formatInstant(startedAt)],
    ['Took', formatDuration(elapsedMs)],
    ...(cost ? [['Costs', `${estimatedUsd(cost)} on AWS`] satisfies [string, string]] : []),
    ['Run', h('code', null, plainText(runId, MAX_KEY_LENGTH))],
  ];
  return h(
    'header',
    null,
    h(
      'div',
      { class: 'title' },
      h('h1', null, 'Member offers'),
      h('p', { class: `status ${status.toLowerCase()}` }, h('span', { class: 'hidden' }, 'Status: '), status),
    ),
    h(
      'p',
      { class: 'reason' },
      reason === undefined ? 'Every member has an offer.' : plainText(reason, MAX_REASON_LENGTH),
    ),
    ...(summary.outOfRange ?? []).map((finding) =>
      h('p', { class: 'check' }, h('b', null, 'Check: '), outOfRangeSentence(finding, members.total)),
    ),
    h(
      'dl',
      { class: 'facts' },
      ...facts.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value))),
    ),
  );
}

interface KeyFigure {
  name: string;
  value: string;
  notes: readonly string[];
}

/** The numbers that people ask for first. */
export function keyFigures(summary: Summary): JSX.Element {
  const figures = [memberFigure(summary), rowFigure(summary), timeFigure(summary), requestFigure(summary)];
  return h(
    'section',
    { class: 'cards', 'aria-label': 'Key figures' },
    ...figures.map(({ name, value, notes }) =>
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

function memberFigure({ members }: Summary): KeyFigure {
  const { scored, total, failed } = members;
  const notes = [
    total > 0 ? `of ${formatCount(total)}, ${formatShare(shareOf(scored, total))}` : 'of none in the file',
    `${formatCount(failed)} failed`,
  ];
  return { name: 'Members scored', value: formatCount(scored), notes };
}

function rowFigure({ rows }: Summary): KeyFigure {
  const notes = [
    `${formatCount(rows.accepted)} accepted, ${formatCount(rows.rejected)} rejected`,
    `${counted(rows.imputed, 'blank value')} given a default`,
  ];
  return { name: 'Rows read', value: formatCount(rows.read), notes };
}

function timeFigure(summary: Summary): KeyFigure {
  const slowest = slowestStep(summary);
  const longest = summary.phases.toSorted((a, b) => b.durationMs - a.durationMs)[0];
  const notes =
    longest === undefined || longest.durationMs === 0
      ? []
      : [
          `longest: ${longest.phase}, ${formatShare(shareOf(longest.durationMs, summary.elapsedMs))}`,
          ...(slowest && slowest.step.step !== longest.phase
            ? [`there: ${slowest.step.step}, ${formatDuration(slowest.step.meanMs)} per ${slowest.step.unit}`]
            : []),
        ];
  return { name: 'From upload to report', value: formatDuration(summary.elapsedMs), notes };
}

function requestFigure({ requests }: Summary): KeyFigure {
  const sum = (of: 'sent' | 'retries' | 'failed') => CALLS.reduce((total, call) => total + requests[call][of], 0);
  const retries = counted(sum('retries'), 'retry', 'retries');
  const notes = [`${retries} among them`, `${counted(sum('failed'), 'call')} failed for good`];
  return { name: 'Requests sent', value: formatCount(sum('sent')), notes };
}
