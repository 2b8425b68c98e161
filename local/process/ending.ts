const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How often to look whether npm is still there, milliseconds. */
const LOOK_EVERY_MS = 500;

/**
 * Ends this process, with all that ends on its exit, as soon as it is told to. At once: nobody's requests would have
 * to be finished first.
 */
export function endWhenTold(): void {
  for (const signal of SIGNALS) process.once(signal, () => process.exit(0));
  if (process.env.npm_lifecycle_event !== undefined) endWithParent();
}

/** npm hands a signal on to the shell that it runs scripts in, and the shell dies of it without handing it on. */
function endWithParent(): void {
  const parent = process.ppid;
  const look = () => {
    if (process.ppid !== parent) process.exit(0);
  };
  setInterval(look, LOOK_EVERY_MS).unref();
}
