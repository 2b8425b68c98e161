import { execFile } from 'node:child_process';
import { z } from 'zod';
import { CommandError } from '../shared/command.ts';

/** npm's severities, the mildest first. */
export const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'] as const;

const severitySchema = z.enum(SEVERITIES);

const advisorySchema = z.object({
  name: z.string(),
  title: z.string(),
  url: z.url(),
  severity: severitySchema,
  range: z.string(),
});

/** `via` has advisories, and names of affected packages that this one depends on. */
const reportSchema = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisorySchema])) })),
});

export interface Advisory {
  /** Such as `GHSA-w5hq-g745-h8pq`. */
  id: string;
  package: string;
  title: string;
  severity: z.infer<typeof severitySchema>;
  /** The affected versions. */
  range: string;
}

/**
 * The advisories in a report of `npm audit --json`, each once, sorted by their ids.
 *
 * @throws CommandError when it is no such report. npm prints errors as JSON, too, and these must not look like a report
 *   without advisories.
 */
export function advisoriesIn(report: string): Advisory[] {
  const parsed = reportSchema.safeParse(jsonOrUndefined(report));
  if (!parsed.success) {
    const said = report.replace(/\s+/g, ' ').trim().slice(0, 300);
    throw new CommandError(`npm audit printed no report: ${said || 'it printed nothing'}`);
  }
  const advisories = new Map<string, Advisory>();
  for (const { via } of Object.values(parsed.data.vulnerabilities)) {
    for (const cause of via) {
      if (typeof cause === 'string') continue;
      const id = idOf(cause.url);
      // One advisory may name several packages.
      const { name, title, severity, range } = cause;
      advisories.set(`${id} ${name}`, { id, package: name, title, severity, range });
    }
  }
  return [...advisories.values()].toSorted((a, b) => a.id.localeCompare(b.id));
}

/** What `npm audit --json` prints for the packages that are locked. It needs the network. */
export function npmAudit(): Promise<string> {
  return new Promise((resolve, reject) => {
    // npm exits with 1 when it has found advisories as well. Its output shows whether it has failed.
    execFile('npm', ['audit', '--json'], { maxBuffer: 64 << 20 }, (error, stdout) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve(stdout);
    });
  });
}

function idOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
