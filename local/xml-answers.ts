import type { Context, Middleware } from '@20minutes/s3rver';

/**
 * The emulator escapes text twice on its way into XML: a key `a&b` arrives as `a&amp;b`. These two undo the second
 * time, and only where there was one, in answers that it makes from objects.
 *
 * @returns the middleware that goes in front of everything, and the one that goes in front of the router
 */
export function xmlAnswers(): [first: Middleware, beforeRouter: Middleware] {
  const made = new WeakSet<Context>();
  return [
    async (ctx, next) => {
      await next();
      if (made.has(ctx) && typeof ctx.body === 'string') ctx.body = ctx.body.replaceAll('&amp;', '&');
    },
    async (ctx, next) => {
      await next();
      if (isPlainObject(ctx.body)) made.add(ctx);
    },
  ];
}

/** Not a stream, which is the content of an object. */
function isPlainObject(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !('pipe' in body);
}
