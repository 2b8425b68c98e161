/** A listing of what has a key, page by page. */
export interface PageOptions {
  /** What all keys begin with. */
  prefix: string;
  /** Keys with the same beginning up to this, behind the prefix, are told of as one. */
  delimiter: string | undefined;
  /** Only keys, and common prefixes, that come after this one. */
  after: string;
  /** Of both together. */
  maxKeys: number;
}

export interface Page<T> {
  items: T[];
  commonPrefixes: string[];
  /** The last key or common prefix of this page when there is another; undefined when there is not. */
  next: string | undefined;
}

/** @param items in the order of their keys, from `after` on */
export function pageOf<T extends { key: string }>(items: Iterable<T>, options: PageOptions): Page<T> {
  const { prefix, delimiter, after, maxKeys } = options;
  const page: Page<T> = { items: [], commonPrefixes: [], next: undefined };
  let last = '';
  for (const item of items) {
    const common = commonPrefixOf(item.key, prefix, delimiter);
    if (common !== undefined && (common === after || common === page.commonPrefixes.at(-1))) continue;
    if (page.items.length + page.commonPrefixes.length >= maxKeys)
      return { ...page, next: maxKeys > 0 ? last : undefined };
    if (common === undefined) page.items.push(item);
    else page.commonPrefixes.push(common);
    last = common ?? item.key;
  }
  return page;
}

function commonPrefixOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (!delimiter) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}
