/** Loads a packaged function as Lambda does at a cold start; sends how long that took, milliseconds. */
const [bundle = ''] = process.argv.slice(2);
const startedAt = performance.now();
await import(bundle);
process.send?.({ ms: performance.now() - startedAt });
process.exit();
