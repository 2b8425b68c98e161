import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Bucket } from '../bucket.ts';
import { type RejectedRow, rejectedRowSchema } from '../contracts.ts';
import { rejectedRowsKey } from '../layout.ts';

/** Stores rejected rows, a JSON line each, while the file is read; without any there is no object. */
export class RejectedRowsWriter {
  readonly #bucket: Bucket;
  readonly #key: string;
  #open: { stream: PassThrough; upload: Promise<void> } | undefined;

  constructor(bucket: Bucket, runId: string) {
    this.#bucket = bucket;
    this.#key = rejectedRowsKey(runId);
  }

  async write(rows: readonly RejectedRow[]): Promise<void> {
    this.#open ??= this.#start();
    const { stream, upload } = this.#open;
    const lines = rows.map(jsonLine).join('');
    // An upload that has failed reads no more: waiting for the stream alone would be for ever.
    if (!stream.write(lines)) await Promise.race([once(stream, 'drain'), upload]);
  }

  /** Ends the object; when this returns it is stored. */
  async close(): Promise<void> {
    this.#open?.stream.end();
    await this.#open?.upload;
  }

  /** Stores nothing, because the stage has failed and will read the file again. */
  abandon(reason: unknown): void {
    this.#open?.stream.destroy(reason instanceof Error ? reason : new Error(String(reason)));
  }

  #start() {
    const stream = new PassThrough();
    const upload = this.#bucket.writeStream(this.#key, stream, 'application/x-ndjson');
    // Whoever writes or closes next learns of a failure; until then it is not unhandled.
    upload.catch(() => undefined);
    return { stream, upload };
  }
}

/** Unicode's own line separators are escaped, because line readers take them for line ends. */
function jsonLine(row: RejectedRow): string {
  return `${JSON.stringify(row).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`;
}

/** A run's rejected rows in the order of the file. */
export async function* readRejectedRows(bucket: Bucket, runId: string): AsyncGenerator<RejectedRow> {
  const { chunks } = await bucket.read(rejectedRowsKey(runId));
  const lines = createInterface({ input: chunks, crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) yield rejectedRowSchema.parse(JSON.parse(line));
}
