import { mapNames } from '../registry.ts';
import type { CallRequests, Result } from './contracts.ts';

/** What was sent, by call. */
export type RequestsByCall = Record<string, CallRequests>;

const NOTHING: Readonly<CallRequests> = { requests: 0, retries: 0, rows: 0 };

/**
 * What was sent for the members of a result or a checkpoint. Before contract 5 each request was one member's alone, so
 * that the members' attempts are the requests.
 */
export function requestsOf({ requests, members }: Pick<Result, 'requests' | 'members'>): RequestsByCall {
  return requests ?? ofAttempts(members);
}

function ofAttempts(members: Result['members']): RequestsByCall {
  const byCall: RequestsByCall = {};
  for (const { attempts } of members) {
    for (const call in attempts) {
      const sent = attempts[call] ?? 0;
      byCall[call] ??= { ...NOTHING };
      byCall[call].requests += sent;
      byCall[call].retries += Math.max(0, sent - 1);
      byCall[call].rows += sent;
    }
  }
  return byCall;
}

/** What has been sent for these calls so far. @param counted what counts on meanwhile */
export function requestsIn(calls: Iterable<string>, counted: (call: string) => Readonly<CallRequests>): RequestsByCall {
  return mapNames([...calls], (call) => {
    const { requests, retries, rows } = counted(call);
    return { requests, retries, rows };
  });
}

/** What was sent at two times, together. */
export function sumOfRequests(one: RequestsByCall, other: RequestsByCall): RequestsByCall {
  const calls = new Set([...Object.keys(one), ...Object.keys(other)]);
  return mapNames([...calls], (call) => {
    const [before, after] = [one[call] ?? NOTHING, other[call] ?? NOTHING];
    return {
      requests: before.requests + after.requests,
      retries: before.retries + after.retries,
      rows: before.rows + after.rows,
    };
  });
}
