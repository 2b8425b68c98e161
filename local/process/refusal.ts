/** Prints in one line what is wrong, and ends the process with all that it has started. */
export function refuse(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** Runs a check. When it throws, this prints its message and ends the process. */
export function orRefuse(check: () => void): void {
  try {
    check();
  } catch (error) {
    refuse(error);
  }
}

/** As `orRefuse`, of a check that takes its time. */
export async function orRefuseLater(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    refuse(error);
  }
}
