import { createHash, randomBytes } from 'node:crypto';
import type { Algorithm, Checksum, PlainChecksum } from './checksums.ts';
import { noSuchUpload, S3Error } from './errors.ts';
import { compareKeys, type Version } from './objects.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** A part of an object that is uploaded in parts. */
export interface Part<Body> {
  body: Body;
  /** Bytes. */
  size: number;
  /** Its MD5, in hex. */
  etag: string;
  checksum?: PlainChecksum | undefined;
  /** Milliseconds since the epoch. */
  storedAt: number;
}

export interface NumberedPart<Body> extends Part<Body> {
  number: number;
}

/** An upload in parts that is under way. */
export interface Upload<Body> {
  id: string;
  key: string;
  headers: Readonly<Record<string, string>>;
  /** What it is to have in the end, where that was said. */
  checksum: Pick<Checksum, 'algorithm' | 'type'> | undefined;
  /** Milliseconds since the epoch. */
  startedAt: number;
  parts: Map<number, Part<Body>>;
}

/** What a client names to complete an upload: ETags without quotes, checksums in base64. */
export interface WantedPart {
  number: number;
  etag: string;
  checksums: ReadonlyMap<Algorithm, string>;
}

/** The uploads of one bucket. They end with the server. */
export class Uploads<Body> {
  readonly #uploads = new Map<string, Upload<Body>>();
  readonly #completed = new Map<string, Version<Body>>();
  readonly #drop: (body: Body) => void;

  /** @param drop is told of bodies that nobody needs any more */
  constructor(drop: (body: Body) => void) {
    this.#drop = drop;
  }

  start(
    key: string,
    { headers, checksum, startedAt }: Pick<Upload<Body>, 'headers' | 'checksum' | 'startedAt'>,
  ): Upload<Body> {
    const id = randomBytes(16).toString('hex');
    const upload: Upload<Body> = { id, key, headers, checksum, startedAt, parts: new Map() };
    this.#uploads.set(upload.id, upload);
    return upload;
  }

  /** @throws S3Error NoSuchUpload */
  find(key: string, id: string): Upload<Body> {
    const upload = this.#uploads.get(id);
    if (upload?.key !== key) throw noSuchUpload();
    return upload;
  }

  /** In the order of their keys, then of their beginnings. */
  list(prefix = ''): Upload<Body>[] {
    const all = [...this.#uploads.values()].filter(({ key }) => key.startsWith(prefix));
    return all.toSorted((a, b) => compareKeys(a.key, b.key));
  }

  /** In place of what was stored under this number before. @throws S3Error NoSuchUpload when it has ended meanwhile */
  putPart(upload: Upload<Body>, number: number, part: Part<Body>): void {
    if (!this.#uploads.has(upload.id)) {
      this.#drop(part.body);
      throw noSuchUpload();
    }
    const before = upload.parts.get(number);
    upload.parts.set(number, part);
    if (before !== undefined) this.#drop(before.body);
  }

  /** Ends an upload of which an object has become. @throws S3Error NoSuchUpload */
  complete(key: string, id: string, object: Version<Body>): void {
    this.end(key, id);
    this.#completed.set(id, object);
  }

  /** The object that an upload has become. */
  completed(key: string, id: string): Version<Body> | undefined {
    const object = this.#completed.get(id);
    return object?.key === key ? object : undefined;
  }

  /** With its parts. @throws S3Error NoSuchUpload */
  end(key: string, id: string): void {
    const upload = this.find(key, id);
    this.#uploads.delete(id);
    for (const { body } of upload.parts.values()) this.#drop(body);
  }
}

/**
 * The parts that make the object.
 *
 * @throws S3Error MalformedXML, InvalidPart, InvalidPartOrder, EntityTooSmall
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function chosenParts<Body>(upload: Upload<Body>, wanted: readonly WantedPart[]): NumberedPart<Body>[] {
  if (wanted.length === 0) throw new S3Error('MalformedXML', 'You must specify at least one part');
  const chosen = wanted.map((want, index) => {
    if (index > 0 && want.number <= (wanted[index - 1]?.number ?? 0)) {
      throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    return chosenPart(upload, want);
  });
  const small = chosen.slice(0, -1).find(({ size }) => size < MIN_PART_BYTES);
  if (small === undefined) return chosen;
  throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed object size.', {
    ProposedSize: small.size,
    MinSizeAllowed: MIN_PART_BYTES,
    PartNumber: small.number,
    ETag: small.etag,
  });
}

function chosenPart<Body>(upload: Upload<Body>, { number, etag, checksums }: WantedPart): NumberedPart<Body> {
  const part = upload.parts.get(number);
  const isOther = [...checksums].some(
    ([algorithm, value]) => part?.checksum?.algorithm === algorithm && part.checksum.value !== value,
  );
  if (part !== undefined && part.etag === etag && !isOther) return { number, ...part };
  throw new S3Error(
    'InvalidPart',
    'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the entity tag of the part.',
    { UploadId: upload.id, PartNumber: number, ETag: etag },
  );
}

/** As S3 forms it: the MD5 of the parts' MD5s, and how many there are. */
export function etagOfParts(parts: readonly Pick<Part<unknown>, 'etag'>[]): string {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(etag, 'hex');
  return `${md5.digest('hex')}-${parts.length}`;
}

/** @throws S3Error InvalidArgument */
export function partNumberOf(text: string | null): number {
  if (text !== null && /^[1-9]\d*$/.test(text) && Number(text) <= MAX_PARTS) return Number(text);
  const message = `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`;
  throw new S3Error('InvalidArgument', message, { ArgumentName: 'partNumber', ArgumentValue: text ?? '' });
}
