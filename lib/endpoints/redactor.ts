import type { RequestHeaders } from './headers.ts';

/** Shorter values are taken for what anybody may know, such as the version of an interface. */
const SHORTEST_SECRET = 8;

const REDACTED = '[redacted]';

/** Takes the values of headers, or of a query, out of texts, in the forms in which an endpoint may quote them. */
export class Redactor {
  #secrets: readonly string[] = [];

  /** From now on these are taken out, too. Those of before stay: a late answer may quote them. */
  add(values: RequestHeaders): void {
    const secrets = Object.values(values).flatMap(secretsIn).filter(isSecret).flatMap(formsOf);
    // The longest first: what is part of another would leave the rest of that one.
    this.#secrets = [...new Set([...this.#secrets, ...secrets])].toSorted((a, b) => b.length - a.length);
  }

  redact(text: string): string {
    let redacted = text;
    for (const secret of this.#secrets) redacted = redacted.replaceAll(secret, REDACTED);
    return redacted;
  }
}

/** A value, and what it is made of: of `Bearer …` the token, of `Basic …` the user's name and password. */
function secretsIn(value: string): string[] {
  const [scheme = '', ...parts] = value.split(' ');
  if (scheme.toLowerCase() !== 'basic') return [value, ...parts];
  const decoded = Buffer.from(parts.join(''), 'base64').toString();
  return [value, ...parts, decoded, decoded.slice(decoded.indexOf(':') + 1)];
}

function isSecret(text: string): boolean {
  return text.length >= SHORTEST_SECRET;
}

/** As it is, in JSON, in an address and in base64, the padding of which is often left out or written otherwise. */
function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString('base64');
  const forms = [secret, json, json.replaceAll('/', '\\/'), encodeURIComponent(secret), base64];
  return forms.flatMap((form) => [form, form.replace(/=+$/, '')]).filter(isSecret);
}
