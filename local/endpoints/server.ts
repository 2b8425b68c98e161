import { referenceEndpoints } from '../../lib/endpoints/reference-services.ts';
import { serveGuarded } from '../process/guard.ts';

/**
 * Serves the reference endpoints in a process of their own, so that they do not share a core with their clients.
 * Forked with the port as argument; sends one message, `{ address }` or `{ code }` of the error.
 */

// The parent is gone, however it went.
process.on('disconnect', () => process.exit());
// Ctrl-C goes to the whole group of processes; the parent decides when to end.
process.on('SIGINT', () => {});

try {
  const address = await serveGuarded(referenceEndpoints(), Number(process.argv[2]));
  process.send?.({ address });
} catch (error) {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : String(error);
  process.send?.({ code }, () => process.exit(1));
}
