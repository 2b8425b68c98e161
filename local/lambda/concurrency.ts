import type { ServerlessFunction } from '../serverless.ts';

/**
 * How many invocations of a function run at the same time on one machine: as many as on AWS, but at most `most`.
 *
 * @param most custom.local.concurrency of serverless.yml: as many as the cores of a machine can run
 */
export function localConcurrency(definition: ServerlessFunction | undefined, most: number): number {
  return Math.min(definition?.reservedConcurrency ?? most, most);
}
