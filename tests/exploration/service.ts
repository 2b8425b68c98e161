import { subscriptionsOf } from '../../local/lambda/notification.ts';
import { readService } from '../../local/lambda/service.ts';
import type { FunctionName } from './functions.ts';

const SERVICE = readService();
const SUBSCRIPTIONS = subscriptionsOf(SERVICE.functions);
const STAGES = ['features', 'predict', 'report'] as const;

/** When `resume` takes something up. */
export const STALLED = SERVICE.stalled;

/** Of every function but onFailure, which is not slow. */
export const TIME_OUT_MS = SERVICE.function('features').timeout * 1000;

/** The function that an object starts, by its key; undefined for none. */
export function startedBy(key: string): (typeof STAGES)[number] | undefined {
  const started = SUBSCRIPTIONS.find(({ prefix, suffix }) => key.startsWith(prefix) && key.endsWith(suffix));
  return STAGES.find((name) => name === started?.functionName);
}

/** Attempts at an event, in all; the schedule is one of resume's. */
export function attemptsOf(functionName: FunctionName): number {
  const { maximumRetryAttempts = 0 } = SERVICE.function(functionName === 'schedule' ? 'resume' : functionName);
  return 1 + maximumRetryAttempts;
}
