import type { Bucket } from '../storage/bucket.ts';
import { JSON_LINES_CONTENT_TYPE, jsonLine, readJsonLines } from '../storage/json-lines.ts';
import { ObjectWriter } from '../storage/object-writer.ts';
import { type RejectedRow, rejectedRowSchema } from '../transactions/row-account.ts';
import { rejectedRowsKey } from './keys.ts';

/** Stores rejected rows while the file is read, one JSON line per row. Without rejected rows there is no object. */
export class RejectedRowsWriter {
  readonly #bucket: Bucket;
  readonly #key: string;
  #object: ObjectWriter | undefined;

  constructor(bucket: Bucket, runId: string) {
    this.#bucket = bucket;
    this.#key = rejectedRowsKey(runId);
  }

  async write(rows: readonly RejectedRow[]): Promise<void> {
    this.#object ??= new ObjectWriter(this.#bucket, this.#key, JSON_LINES_CONTENT_TYPE);
    await this.#object.write(rows.map(jsonLine).join(''));
  }

  /** Ends the object. It is stored when this resolves. */
  async close(): Promise<void> {
    await this.#object?.close();
  }

  /** Stores nothing, because the stage has failed and will read the file again. */
  abandon(reason: unknown): void {
    this.#object?.abandon(reason);
  }
}

/** A run's rejected rows in the order of the file. */
export async function* readRejectedRows(bucket: Bucket, runId: string): AsyncGenerator<RejectedRow> {
  const { chunks } = await bucket.read(rejectedRowsKey(runId));
  yield* readJsonLines(chunks, rejectedRowSchema);
}
