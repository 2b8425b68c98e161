/** Whether a process of this id runs. */
export function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, as somebody else's.
    return hasCode(error, 'EPERM');
  }
}

/** Whether an error is a system error of this code. */
export function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
