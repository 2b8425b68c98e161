import { contextOf, loadHandler } from '../../../local/lambda/handler.ts';
import type { InvokeTask } from '../task.ts';

/** Invokes a function's handler. @returns milliseconds, without the time to load it */
export async function invoke({ functionName, definition, event }: InvokeTask): Promise<number> {
  const handler = await loadHandler(definition.handler);
  const context = contextOf(functionName, definition, 'bench', () => definition.timeout * 1000);
  const startedAt = performance.now();
  await handler(event, context);
  return performance.now() - startedAt;
}
