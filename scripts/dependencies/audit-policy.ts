import { z } from 'zod';
import { type Advisory, SEVERITIES } from './advisories.ts';

export const auditPolicySchema = z.strictObject({
  /** The mildest severity that has to be dealt with. */
  severity: z.enum(SEVERITIES),
  exceptions: z.array(
    z.strictObject({
      /** Such as `GHSA-w5hq-g745-h8pq`. */
      id: z.string().min(1),
      package: z.string().min(1),
      /** Why the advisory does not concern the project. */
      reason: z.string().min(1),
      /** Day from which on the exception is no longer valid and has to be reviewed. */
      reviewOn: z.iso.date(),
    }),
  ),
});
/** Which advisories are accepted, until when and for what reason. */
export type AuditPolicy = z.infer<typeof auditPolicySchema>;

/**
 * What has to be done to meet a policy, one line each; none when it is met.
 *
 * @param today `YYYY-MM-DD`
 */
export function complaints({ severity, exceptions }: AuditPolicy, advisories: Advisory[], today: string): string[] {
  const serious = advisories.filter((advisory) => rank(advisory.severity) >= rank(severity));
  const unexcused = serious
    .filter(
      ({ id, package: name }) => !exceptions.some((exception) => exception.id === id && exception.package === name),
    )
    .map((advisory) => `${described(advisory)}: update the package, or accept it in writing`);
  const outdated = exceptions
    .filter(({ reviewOn }) => reviewOn <= today)
    .map(({ id, package: name, reviewOn }) => `${id} (${name}) was to be looked at again on ${reviewOn}: do so`);
  const unneeded = exceptions
    .filter(({ id, package: name }) => !serious.some((advisory) => advisory.id === id && advisory.package === name))
    .map(({ id, package: name }) => `${id} (${name}) is not found any more: delete its exception`);
  return [...unexcused, ...outdated, ...unneeded];
}

function described({ id, package: name, severity, title, range }: Advisory): string {
  return `${id} (${severity}) in ${name} ${range}: ${title}`;
}

function rank(severity: AuditPolicy['severity']): number {
  return SEVERITIES.indexOf(severity);
}
