import { serveGuarded } from '../process/guard.ts';
import { localEndpoints } from './example-services.ts';

/**
 * Serves the reference endpoints in a process of their own, so that they do not share a core with their clients.
 * Forked with the port as argument; sends one message, `{ address }` or `{ code }` of the error.
 */

// The parent process has ended.
process.on('disconnect', () => process.exit());
// Ctrl-C goes to the whole process group, but the parent decides when this process ends.
process.on('SIGINT', () => {});

try {
  const address = await serveGuarded(localEndpoints(), Number(process.argv[2]));
  process.send?.({ address });
} catch (error) {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : String(error);
  process.send?.({ code }, () => process.exit(1));
}
