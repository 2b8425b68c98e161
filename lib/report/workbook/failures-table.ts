import type { Calls } from '../../calls.ts';
import { isRefusal } from '../../endpoints/errors.ts';
import { type Failure, PREDICT_STEP, type ScoredMember } from '../../run/contracts.ts';
import type { TableOptions } from './table.ts';
import { cellText } from './text.ts';

/** A call of a member that failed for good. */
export interface FailedCall extends Failure {
  memberId: string;
}

/** One row per call that failed for good. */
export function failuresTable(calls: Calls): TableOptions<FailedCall> {
  return { name: 'Failures', columns: columnsOf(calls) };
}

function columnsOf(calls: Calls): TableOptions<FailedCall>['columns'] {
  return [
    { header: 'MEMBER_ID', width: 16, value: ({ memberId }) => cellText(memberId) },
    { header: 'STEP', width: 10, value: ({ step }) => step },
    { header: 'HTTP_STATUS', width: 12, format: '0', value: ({ status }) => status },
    { header: 'ATTEMPTS', width: 12, format: '#,##0', value: ({ attempts }) => attempts },
    { header: 'MESSAGE', width: 90, value: ({ message }) => cellText(message) },
    { header: 'WHAT_TO_DO', width: 90, value: (failure) => adviceOn(failure, calls) },
  ];
}

/** The calls of a member that failed for good; none of a member that was scored. */
export function failedCalls({ memberId, outcome }: ScoredMember): FailedCall[] {
  return outcome.status === 'SCORED' ? [] : outcome.failures.map((failure) => ({ memberId, ...failure }));
}

/** What a person can do about a failed call. */
export function adviceOn({ step, status }: Pick<Failure, 'step' | 'status'>, { all }: Calls): string {
  if (step === PREDICT_STEP) return 'The message says what stopped the predict function. Then resume the run.';
  const variable = all.find(({ name }) => name === step)?.addressIn ?? `the address of ${step}`;
  if (status === undefined) {
    return `See whether the service at ${variable} runs and can be reached, and how long it takes to answer; then resume the run.`;
  }
  if (isRefusal(status))
    return `The service at ${variable} refuses the credentials, or got none: correct the secret or parameter that ENDPOINT_HEADERS_REF names, then resume the run.`;
  if (status === 404 || status === 405) return `Nothing answers POST at this address: correct ${variable}.`;
  if (status === 429)
    return 'The service asks for fewer requests: lower CONCURRENCY or set REQUESTS_PER_SECOND, then resume the run.';
  if (status >= 500)
    return "The service failed; its logs say why. If other members have an offer, this member's values are the cause: ask the service's owner. Otherwise resume the run when the service works again.";
  if (status >= 400)
    return "The service refuses this member's values: look at them in the sheet Members, and ask the service's owner.";
  return `The service at ${variable} does not answer in the agreed format: show the message to its owner.`;
}
