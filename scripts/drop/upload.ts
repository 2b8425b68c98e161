import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import pMap from 'p-map';
import { MARK } from '../../lib/left-behind.ts';
import { uploadKey } from '../../lib/run/keys.ts';
import { folderOf, markKey, partPrefix, uploadKind } from '../../lib/run/upload-kinds.ts';
import { Bucket } from '../../lib/storage/bucket.ts';
import { count } from '../../local/terminal/units.ts';
import { CommandError } from '../shared/command.ts';
import { type InputPath, inputAt } from '../shared/input-path.ts';
import { runObjectsSince } from '../shared/progress/run-listing.ts';
import type { Uploaded } from '../shared/progress/run-watcher.ts';

/** S3 refuses requests when the local clock differs by more than this, so a search may begin so much earlier. */
const CLOCK_SKEW_MS = 15 * 60_000;

/** Instead of a path: the file is read from standard input. */
const STANDARD_INPUT = '-';

/** What is to be uploaded. @throws CommandError when it cannot be read */
export async function inputToDrop(path: string): Promise<InputPath> {
  return path === STANDARD_INPUT
    ? { path, files: [], isDirectory: false, leftOut: [], bytes: undefined }
    : inputAt(path);
}

export interface WhatToUpload {
  partner: string;
  /** `YYYY-MM-DD`, when features are to be computed for another day than that of the upload. */
  asOf: string | undefined;
}

export interface Sending {
  signal: AbortSignal;
  /** Is called with the number of bytes sent so far. */
  onProgress: (bytes: number) => void;
}

/**
 * Uploads a file, or a directory's parts and then the mark that closes their folder, whose earlier mark goes first.
 *
 * @returns the object whose event starts the run
 * @throws AbortError when the signal aborts, CommandError when the folder in the bucket holds other parts
 */
export async function upload(
  s3: S3Client,
  bucket: string,
  input: InputPath,
  what: WhatToUpload,
  sending: Sending,
): Promise<Uploaded> {
  sending.signal.throwIfAborted();
  const runs = await runObjectsSince(s3, bucket, new Date(Date.now() - CLOCK_SKEW_MS));
  const earlierRuns = new Set(runs.map(({ runId }) => runId));
  const sender = new Sender(s3, bucket, sending);
  const { key, etag } = await (input.isDirectory ? sendFolder : sendFile)(sender, input, what);
  const { LastModified = new Date() } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  return { key, etag, uploadedAt: LastModified, earlierRuns };
}

const NOTHING = Buffer.alloc(0);

interface Sent {
  key: string;
  /** Without quotes. */
  etag: string;
}

/** Under its own name, because any name starts a run. */
function sendFile(sender: Sender, { path, files: [file] }: InputPath, { partner, asOf }: WhatToUpload): Promise<Sent> {
  const key = uploadKey(partner, path === STANDARD_INPUT ? 'stdin' : basename(path));
  return sender.send(key, file === undefined ? process.stdin : createReadStream(file), asOf);
}

/** As many parts as are sent at a time: enough that small ones do not wait for each other's answers. */
const PARTS_AT_A_TIME = 4;

async function sendFolder(sender: Sender, { path, files }: InputPath, { partner, asOf }: WhatToUpload): Promise<Sent> {
  const folder = uploadKey(partner, `${basename(resolve(path))}/`);
  const parts = files.map((file) => ({ file, key: `${folder}${basename(file)}` }));
  await sender.assertNoOthers(folder, new Set(parts.map(({ key }) => key)));
  // While it is there, a run of the old parts that begins late could read some of the new ones among them.
  await sender.deleteIfThere(markKey(folder));
  await sender.sendAll(parts);
  return sender.send(markKey(folder), NOTHING, asOf);
}

class Sender {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #sending: Sending;
  /** Of all objects, so far. */
  #bytes = 0;

  constructor(s3: S3Client, bucket: string, sending: Sending) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#sending = sending;
  }

  /** Uploads in pieces while it is read, so that its size does not matter. After an abort S3 is asked to delete them. */
  async send(key: string, body: Readable | Buffer, asOf?: string, signal = this.#sending.signal): Promise<Sent> {
    const { onProgress } = this.#sending;
    signal.throwIfAborted();
    const upload = new Upload({
      client: this.#s3,
      params: {
        Bucket: this.#bucket,
        Key: key,
        Body: body,
        ContentType: /\.csv$/i.test(key) ? 'text/csv' : 'application/octet-stream',
        Metadata: asOf === undefined ? {} : { 'as-of': asOf },
      },
    });
    let sent = 0;
    upload.on('httpUploadProgress', ({ loaded = 0 }) => {
      this.#bytes += loaded - sent;
      sent = loaded;
      onProgress(this.#bytes);
    });
    const abort = () => void upload.abort();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const { ETag = '' } = await upload.done();
      return { key, etag: ETag.replaceAll('"', '') };
    } finally {
      signal.removeEventListener('abort', abort);
      // Otherwise this process would wait for the rest of standard input.
      if (body instanceof Readable) body.destroy();
    }
  }

  /** Sends some at a time; when one of them cannot be sent, the others are broken off. */
  async sendAll(objects: readonly { key: string; file: string }[]): Promise<void> {
    const failed = new AbortController();
    const signal = AbortSignal.any([this.#sending.signal, failed.signal]);
    try {
      await pMap(objects, ({ key, file }) => this.send(key, createReadStream(file), undefined, signal), {
        concurrency: PARTS_AT_A_TIME,
      });
    } catch (error) {
      failed.abort();
      throw error;
    }
  }

  async deleteIfThere(key: string): Promise<void> {
    // Where versions are kept, to delete what is not there would leave something behind.
    if (!(await new Bucket(this.#s3, this.#bucket).exists(key))) return;
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  /** @throws CommandError when a folder holds parts of an earlier directory, which would be read as well */
  async assertNoOthers(folder: string, own: ReadonlySet<string>): Promise<void> {
    const others: string[] = [];
    for await (const object of new Bucket(this.#s3, this.#bucket).objects(partPrefix(folder))) {
      const isOther = folderOf(object.key) === folder && uploadKind(object) === 'part' && !own.has(object.key);
      if (isOther) others.push(object.key);
    }
    if (others.length === 0) return;
    throw new CommandError(
      `${folder} in the bucket holds other parts (${count(others.length)}, such as ${others[0]}), which would be read as well: delete them with their ${MARK}, or rename the directory`,
    );
  }
}
