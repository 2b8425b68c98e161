import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** A port that cannot be opened. The message says what it is for, why it fails, and how to choose another. */
export class PortError extends Error {
  override readonly name = 'PortError';

  constructor(wanted: PortWish, cause: unknown) {
    const { port, purpose, option, variable } = wanted;
    const reason = codeOf(cause) === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${codeOf(cause)})`;
    super(`Port ${port} for ${purpose} ${reason}. Choose another with --${option} or ${variable}, 0 for any.`, {
      cause,
    });
  }
}

export interface PortWish {
  /** 0 for any. */
  port: number;
  /** The purpose of the port, for people. */
  purpose: string;
  /** The command-line option and the environment variable that set it. */
  option: string;
  variable: string;
}

/**
 * The port that was chosen: by the option, else by the variable, else the default.
 *
 * @throws when it is not a port number
 */
export function portWish(purpose: string, option: string, variable: string, given: unknown, preset: number): PortWish {
  const value = given ?? (process.env[variable] || preset);
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`Port ${JSON.stringify(value)} for ${purpose} is not a number from 0 to 65535.`);
  }
  return { port, purpose, option, variable };
}

/**
 * Checks that a port can be opened, for servers whose own error would be hard to understand.
 *
 * @returns the port, or a free one for 0
 * @throws PortError
 */
export async function checkPort(wish: PortWish, host: string): Promise<number> {
  const server = createServer();
  try {
    server.listen(wish.port, host);
    await once(server, 'listening');
  } catch (error) {
    throw new PortError(wish, error);
  }
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** The port that a server listens on. @throws when it listens on none */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A local server listens on no port');
  return address.port;
}

/** The code of a system error, as in EADDRINUSE. */
function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
