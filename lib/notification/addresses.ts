import { outputPrefix } from '../run/keys.ts';
import type { Summary } from '../run/summary.ts';

/** The console's domain in AWS's partitions, by what their regions begin with; the last is that of all others. */
const CONSOLES = [
  ['cn-', 'console.amazonaws.cn'],
  ['us-gov-', 'console.amazonaws-us-gov.com'],
  ['', 'console.aws.amazon.com'],
] as const;

/**
 * Where a run's report lies: for tools, and for people who are signed in to AWS.
 *
 * @param region of the bucket; without it there is no address for people
 */
export function reportAddresses(
  { source, partner, runId }: Summary,
  region: string | undefined,
): { uri: string; consoleUrl: string | undefined } {
  const prefix = outputPrefix(partner, runId);
  const uri = `s3://${source.bucket}/${prefix}`;
  const domain = CONSOLES.find(([beginning]) => region?.startsWith(beginning))?.[1];
  if (region === undefined || domain === undefined) return { uri, consoleUrl: undefined };
  const [bucket, path] = [source.bucket, prefix].map(encodeURIComponent);
  return { uri, consoleUrl: `https://${region}.${domain}/s3/buckets/${bucket}?region=${region}&prefix=${path}` };
}
