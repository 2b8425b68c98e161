import * as z from 'zod';

/**
 * An endpoint's address as a deployment names it: https, or http to this machine, and without credentials. What is
 * wrong with it is said without quoting it, because an address may hold what is secret.
 */
export const addressSchema = z.string().transform((text, context) => {
  const url = URL.parse(text);
  const problem = problemWithAddress(text);
  if (url !== null && problem === undefined) return url;
  context.addIssue({ code: 'custom', message: problem });
  return z.NEVER;
});

/** What is wrong with an address, without quoting it; undefined when it can be used. */
export function problemWithAddress(text: string): string | undefined {
  const url = URL.parse(text);
  return url === null ? 'must be an https address' : problemWith(url);
}

/** An address as people may see it: without user name, password and query, which may be secret. */
export function shownAddress(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function problemWith({ protocol, hostname, username, password }: URL): string | undefined {
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
    return 'must be an https address; http is for this machine alone: localhost, 127.0.0.1 or [::1]';
  }
  if (username !== '' || password !== '') {
    return 'must not hold a user name or password: send them as a header, see docs/endpoints.md#credentials';
  }
  return undefined;
}

/** @param hostname as URL gives it: addresses in their one canonical form */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
