const LINES = 1000;

/** Joins lines by the thousand, as bytes, because a stream spends more time per chunk than per byte. */
export function* chunked(lines: Iterable<string>): Generator<Buffer> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < LINES) continue;
    yield Buffer.from(chunk.join(''));
    chunk = [];
  }
  yield Buffer.from(chunk.join(''));
}
