import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

const entrySchema = z.object({
  key: z.string(),
  versionId: z.string(),
  sequencer: z.string(),
  storedAt: z.number(),
});

const versionSchema = entrySchema.extend({
  body: z.string(),
  size: z.number(),
  etag: z.string(),
  headers: z.record(z.string(), z.string()),
  checksum: z
    .object({
      algorithm: z.enum(['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256']),
      value: z.string(),
      type: z.enum(['COMPOSITE', 'FULL_OBJECT']),
    })
    .optional(),
  parts: z.array(z.number()).optional(),
});

const eventSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('bucket'),
    bucket: z.string(),
    createdAt: z.number(),
    versioning: z.enum(['Enabled', 'Suspended']).optional(),
  }),
  z.object({ event: z.literal('noBucket'), bucket: z.string() }),
  z.object({ event: z.literal('stored'), bucket: z.string(), entry: z.union([versionSchema, entrySchema]) }),
  z.object({ event: z.literal('dropped'), bucket: z.string(), key: z.string(), versionId: z.string() }),
]);

/** What has happened to buckets and objects, as far as it is to be known when the server starts again. */
export type JournalEvent = z.infer<typeof eventSchema>;

/** A file with a line for each event, in their order. */
export class Journal {
  readonly #file: string;
  #descriptor: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * All events so far. The last line may have been cut off when the machine went down: it was not answered.
   *
   * @throws when another line is none
   */
  read(): JournalEvent[] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, 'utf8').split('\n');
    return lines.slice(0, -1).map((line, index) => this.#parse(line, index + 1));
  }

  /** Puts these in the place of all that was there. */
  rewrite(events: Iterable<JournalEvent>): void {
    this.close();
    const lines = Iterator.from(events).map(lineOf).toArray();
    writeFileSync(`${this.#file}.new`, lines.join(''));
    renameSync(`${this.#file}.new`, this.#file);
  }

  append(event: JournalEvent): void {
    this.#descriptor ??= openSync(this.#file, 'a');
    writeFileSync(this.#descriptor, lineOf(event));
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #parse(line: string, number: number): JournalEvent {
    try {
      return eventSchema.parse(JSON.parse(line));
    } catch (cause) {
      const remedy = 'Remove the folder that it is in to start with an empty bucket';
      throw new Error(`${this.#file}, line ${number}, is no entry of this S3's. ${remedy}.`, { cause });
    }
  }
}

function lineOf(event: JournalEvent): string {
  return `${JSON.stringify(event)}\n`;
}
