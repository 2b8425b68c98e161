/** Says in one line what is wrong and ends the process: what has been started goes with it. */
export function refuse(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Does what throws where something is wrong, and ends the process when it does. */
export function orRefuse(check: () => void): void {
  try {
    check();
  } catch (error) {
    refuse(error);
  }
}
