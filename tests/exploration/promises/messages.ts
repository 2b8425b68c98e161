import type { Delivery } from '../deliveries.ts';
import type { Harness } from '../harness.ts';
import { summaryOf } from './runs.ts';
import type { Report } from './watch.ts';

/**
 * The topic was told of every end, the last one last. What failed in between may be told of twice. The order is that in
 * which it was decided what to tell: who stands still between its last look and sending sends late.
 */
export function assessMessages(harness: Harness, report: Report): void {
  const broken = harness.invocations.filter(
    ({ ending, name }) => ending !== 'returned' && /^(report|onFailure)/.test(name),
  );
  const resumed = harness.invocations.filter(({ name }) => name.startsWith('resume'));
  // Whoever is delivered what another is at work on takes itself for an attempt that follows.
  const doubled = harness.deliveries.delivered.filter(isDoubled);
  // And whoever takes up what stood still for an hour, while it goes on after all.
  const schedules = harness.invocations.filter(({ name }) => name.startsWith('schedule'));
  const mayRepeat = broken.length + resumed.length + doubled.length + schedules.length;
  const inOrder = harness.topic.messages.toSorted((a, b) => a.decidedAt - b.decidedAt).map(({ text }) => text);
  for (const runId of harness.runIds) {
    const summary = summaryOf(harness, runId);
    // The reason of another run may name this one.
    const messages = inOrder.filter((text) => text.includes(`/${runId}/`));
    const told = messages.map(outcomeIn);
    if (summary === undefined) continue;
    const last = `${summary.status} ${summary.members.scored} scored`;
    const name = harness.named(runId);
    if (told.at(-1) !== last) report('the topic is told last what came last', `of ${name}: ${told}, and it is ${last}`);
    const repeated = told.length - new Set(told).size;
    if (repeated > mayRepeat) report('the topic is told once', `of ${name}: ${told}`);
    // Of a report that could not be written nobody knows what it would have said.
    const known = messages.filter((text) => !text.includes('the function report failed')).map(outcomeIn);
    if (known.some((outcome, index) => scoredIn(outcome) < scoredIn(known[index - 1] ?? ''))) {
      report('the topic is never told of less', `of ${name}: ${told}`);
    }
  }
}

function isDoubled({ functionName, name, requestId, attempt }: Delivery): boolean {
  return functionName === 'report' && attempt === 1 && name !== requestId;
}

function outcomeIn(text: string): string {
  const [, status, scored] = /^(\w+):[\s\S]*= (\d+) scored/.exec(text) ?? [];
  return `${status} ${scored} scored`;
}

function scoredIn(outcome: string): number {
  return Number(/\d+/.exec(outcome)?.[0] ?? 0);
}
