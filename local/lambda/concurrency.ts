import type { ServerlessFunction } from '../serverless.ts';

/**
 * Invocations of a function at a time on one machine: as many as on AWS, but no more than its cores can run.
 *
 * @param most custom.local.concurrency of serverless.yml
 */
export function localConcurrency(definition: ServerlessFunction | undefined, most: number): number {
  return Math.min(definition?.reservedConcurrency ?? most, most);
}
