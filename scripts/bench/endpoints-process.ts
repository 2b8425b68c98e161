import { setTimeout as delay } from 'node:timers/promises';
import { referenceEndpoints } from '../../lib/endpoints/reference.ts';

/** The reference endpoints, which take so many milliseconds longer than they need; sends `{ address }`. */
const latencyMs = Number(process.argv[2] ?? 0);
const app = referenceEndpoints();
if (latencyMs > 0) app.addHook('preHandler', async () => delay(latencyMs));
const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.on('disconnect', () => process.exit());
process.send?.({ address });
