import { setTimeout as delay } from 'node:timers/promises';
import { referenceEndpoints } from '../../lib/endpoints/reference-services.ts';
import { serveGuarded } from '../../local/process/guard.ts';

/** Serves the reference endpoints, which answer with the given delay in milliseconds; sends `{ address }`. */
const latencyMs = Number(process.argv[2] ?? 0);
const app = referenceEndpoints();
if (latencyMs > 0) app.addHook('preHandler', async () => delay(latencyMs));
const address = await serveGuarded(app, 0);
process.on('disconnect', () => process.exit());
process.send?.({ address });
