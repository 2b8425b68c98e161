import { outputPrefix } from '../run/keys.ts';
import type { Summary } from '../run/summary.ts';

/** The console's domain in each AWS partition, by the beginning of its regions' names; the last is for all others. */
const CONSOLES = [
  ['cn-', 'console.amazonaws.cn'],
  ['us-gov-', 'console.amazonaws-us-gov.com'],
  ['', 'console.aws.amazon.com'],
] as const;

/**
 * The addresses of a run's report: `uri` for tools, `consoleUrl` for people who are signed in to AWS.
 *
 * @param region of the bucket; without it there is no `consoleUrl`
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
