import * as z from 'zod';

const ANY_NODE = z.record(z.string(), z.unknown());

/** A variable that contains no other variable. */
const INNERMOST = /\$\{([^{}]*)\}/;
/** The sources of a variable's value, separated by commas; one may be a text in quotes. */
const SOURCES = /'[^']*'|"[^"]*"|[^,\s][^,]*/g;

/**
 * Fills in the variables of a serverless.yml, `${param:name, env:NAME, 'otherwise'}`, as far as this service uses them.
 *
 * @see https://www.serverless.com/framework/docs/guides/variables
 */
export class Variables {
  readonly #document: unknown;
  readonly #environment: Record<string, string | undefined>;

  /** @param environment the variables for `${env:…}` */
  constructor(document: unknown, environment: Record<string, string | undefined>) {
    this.#document = document;
    this.#environment = environment;
  }

  /** A value with all of its variables filled in. @throws when a variable has no value */
  fillIn(value: unknown): unknown {
    if (typeof value === 'string') return this.#fillInText(value);
    if (Array.isArray(value)) return value.map((item) => this.fillIn(item));
    const node = ANY_NODE.safeParse(value);
    if (!node.success) return value;
    return Object.fromEntries(Object.entries(node.data).map(([name, inside]) => [name, this.fillIn(inside)]));
  }

  /** A text that consists of one variable becomes the variable's value, which need not be a text. */
  #fillInText(text: string): unknown {
    const found = INNERMOST.exec(text);
    if (found === null) return text;
    const [variable, sources = ''] = found;
    const value = this.#valueOf(sources);
    if (value === undefined) throw new Error(`serverless.yml: ${variable} has no value`);
    if (variable === text) return this.fillIn(value);
    return this.#fillInText(text.replace(variable, () => String(value)));
  }

  #valueOf(sources: string): unknown {
    for (const [source] of sources.matchAll(SOURCES)) {
      const value = this.#sourced(source.trim());
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #sourced(source: string): unknown {
    if (/^['"]/.test(source)) return source.slice(1, -1);
    const [, kind, name = ''] = /^(\w+):(.*)$/.exec(source) ?? [];
    switch (kind) {
      case 'env':
        return this.#environment[name];
      case 'self':
        return this.#at(name);
      case 'sls':
        return this.#at(`provider.${name}`);
      case 'param':
        return this.#at(`params.${this.#at('provider.stage')}.${name}`) ?? this.#at(`params.default.${name}`);
      // Options of the command line; none are given here.
      case 'opt':
        return undefined;
      default:
        throw new Error(`serverless.yml: ${source} cannot be filled in here`);
    }
  }

  /** The value at a path of the document, with its variables filled in. */
  #at(path: string): unknown {
    let node = this.#document;
    for (const name of path.split('.')) {
      const filled = typeof node === 'string' ? this.fillIn(node) : node;
      node = ANY_NODE.safeParse(filled).data?.[name];
    }
    return this.fillIn(node);
  }
}
