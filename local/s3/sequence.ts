/**
 * Gives S3's ordering marks: hexadecimal, of one length, each greater than the one before, also across restarts.
 * They are the time in microseconds, moved on when two objects are created within one.
 */
export function sequence(now: () => number = Date.now): () => string {
  let last = 0n;
  return () => {
    const time = BigInt(now()) * 1000n;
    last = time > last ? time : last + 1n;
    return last.toString(16).toUpperCase().padStart(18, '0');
  };
}
