import { readFileSync } from 'node:fs';

/**
 * The most memory that this process has had, in units of 1,000,000 bytes. On Linux the kernel tells it for the process
 * alone; `resourceUsage` also counts what the process that started this one had at that time.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html VmHWM
 */
export function peakMegabytes(): number {
  return ((ownPeakKibibytes() ?? process.resourceUsage().maxRSS) * 1024) / 1e6;
}

function ownPeakKibibytes(): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes);
}
