import { S3ServiceException } from '@aws-sdk/client-s3';
import { scoringProgressPrefix } from '../../../lib/run/keys.ts';
import { type ScoringProgress, scoringProgressSchema } from '../../../lib/run/progress.ts';
import { type Bucket, InvalidObjectError, type ListedObject, ObjectMissingError } from '../../../lib/storage/bucket.ts';

/** Reads the progress notes of the predict stage. Each note is read once. */
export class NotesReader {
  readonly #bucket: Bucket;
  readonly #prefix: string;
  readonly #notes = new Map<string, { etag: string; note: ScoringProgress | undefined }>();

  constructor(bucket: Bucket, runId: string, round = 1) {
    this.#bucket = bucket;
    this.#prefix = scoringProgressPrefix(runId, round);
  }

  /**
   * The notes of batches that have no result yet. Sends one LIST, and a GET for each new note.
   *
   * @param hasResult whether a batch has a result, by the name that the batch's objects share
   */
  async look(hasResult: (name: string) => boolean): Promise<ScoringProgress[]> {
    const notes: ScoringProgress[] = [];
    for (const object of await this.#listed()) {
      if (hasResult(object.key.slice(this.#prefix.length))) continue;
      const note = await this.#read(object);
      if (note !== undefined) notes.push(note);
    }
    return notes;
  }

  async #listed(): Promise<ListedObject[]> {
    try {
      return await Array.fromAsync(this.#bucket.objects(this.#prefix));
    } catch (error) {
      // A user who may follow a run need not have permission to read its notes.
      if (error instanceof S3ServiceException) return [];
      throw error;
    }
  }

  async #read({ key, etag }: ListedObject): Promise<ScoringProgress | undefined> {
    const known = this.#notes.get(key);
    if (known?.etag === etag) return known.note;
    const note = await this.#readIfUsable(key);
    this.#notes.set(key, { etag, note });
    return note;
  }

  async #readIfUsable(key: string): Promise<ScoringProgress | undefined> {
    try {
      return await this.#bucket.readJson(key, scoringProgressSchema);
    } catch (error) {
      const isHint = [InvalidObjectError, ObjectMissingError, S3ServiceException].some((kind) => error instanceof kind);
      if (isHint) return undefined;
      throw error;
    }
  }
}
