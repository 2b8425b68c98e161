import { mapNames } from '../../lib/registry.ts';
import { FIRST_FEATURES } from '../../lib/run/contract-version.ts';
import type { Member, ScoredMember } from '../../lib/run/contracts.ts';
import { mapCalls, mapPredictions } from '../default-calls.ts';

/** Members as simple as can be, to be varied. */

/** With one transaction, and features of 1 each. */
export function member(memberId: string, features: Readonly<Record<string, number>> = {}): Member {
  return {
    memberId,
    transactions: 1,
    imputedValues: 0,
    features: { ...mapNames(FIRST_FEATURES, () => 1), ...features },
  };
}

/** Each call took a millisecond and a request. */
export function scored(memberId: string, ats: number, resp: number, offer: string): ScoredMember {
  return {
    ...member(memberId),
    outcome: { status: 'SCORED', ...mapPredictions(() => 1), ats, resp, offer },
    latency: { ...mapCalls(() => 1), total: 2 },
    attempts: mapCalls(() => 1),
  };
}

/** ATS gave no answer, or one with this status, to five requests. */
export function failed(memberId: string, message: string, status?: number): ScoredMember {
  const failure = { step: 'ats', attempts: 5, message, ...(status === undefined ? {} : { status }) } as const;
  return {
    ...member(memberId),
    outcome: { status: 'FAILED', resp: 0.5, failures: [failure] },
    latency: { ats: 1, resp: 1, total: 1 },
    attempts: { ...mapCalls(() => 0), ats: 5, resp: 1 },
  };
}
