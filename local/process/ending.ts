const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How often to check whether npm still runs, milliseconds. */
const LOOK_EVERY_MS = 500;

/**
 * Ends this process on a signal, and with it everything that ends on its exit. It ends at once, because no client's
 * requests have to be finished first.
 */
export function endWhenTold(): void {
  for (const signal of SIGNALS) process.once(signal, () => process.exit(0));
  if (process.env.npm_lifecycle_event !== undefined) endWithParent();
}

/** npm sends a signal to the shell that runs a script, and the shell ends without sending it on. So this watches it. */
function endWithParent(): void {
  const parent = process.ppid;
  const look = () => {
    if (process.ppid !== parent) process.exit(0);
  };
  setInterval(look, LOOK_EVERY_MS).unref();
}
