import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { S3Error } from './errors.ts';

/** What takes in bytes and comes to a value in the end. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Promise<Uint8Array>;
}

/**
 * Each algorithm by its name in headers (`x-amz-checksum-crc32`).
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
const HASHERS = {
  crc32: () => new Crc32(),
  crc32c: () => new Crc32c(),
  crc64nvme: () => new Crc64Nvme(),
  sha1: () => hasher('sha1'),
  sha256: () => hasher('sha256'),
} satisfies Record<string, () => Hasher>;

export type Algorithm = keyof typeof HASHERS;

const PREFIX = 'x-amz-checksum-';

const TYPES = ['COMPOSITE', 'FULL_OBJECT'] as const;

/** COMPOSITE: of the checksums of the parts. */
export type ChecksumType = (typeof TYPES)[number];

/** Of bytes, or of a part. */
export interface PlainChecksum {
  algorithm: Algorithm;
  /** Base64; with the number of parts behind it when it is of these. */
  value: string;
}

/** Of an object. */
export interface Checksum extends PlainChecksum {
  type: ChecksumType;
}

export function hasherOf(algorithm: Algorithm): Hasher {
  return HASHERS[algorithm]();
}

/** By a name in whichever case; undefined for anything else. */
export function algorithmOf(name: string): Algorithm | undefined {
  const lower = name.toLowerCase();
  return isAlgorithm(lower) ? lower : undefined;
}

/** The checksum that a client sends with a body: in front of it, or announced to come behind it. @throws S3Error InvalidRequest */
export function announcedChecksum(headers: IncomingHttpHeaders): { algorithm: Algorithm; value?: string } | undefined {
  const [sent, another] = Object.keys(headers).filter((name) => algorithmIn(name) !== undefined);
  if (another !== undefined) throw invalid('Expecting a single x-amz-checksum- header');
  const trailer = String(headers['x-amz-trailer'] ?? '')
    .trim()
    .toLowerCase();
  const algorithm = algorithmIn(sent ?? trailer) ?? algorithmOf(String(headers['x-amz-sdk-checksum-algorithm']));
  if (algorithm === undefined) return undefined;
  return sent === undefined ? { algorithm } : { algorithm, value: String(headers[sent]) };
}

/** What an upload in parts says it will have. @throws S3Error InvalidRequest */
export function uploadChecksumOf(headers: IncomingHttpHeaders): Pick<Checksum, 'algorithm' | 'type'> | undefined {
  const name = headers['x-amz-checksum-algorithm'];
  if (name === undefined) return undefined;
  const algorithm = algorithmOf(String(name));
  if (algorithm === undefined) throw invalid(`There is no checksum algorithm ${name}.`);
  const type = headers['x-amz-checksum-type'] ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE');
  const known = TYPES.find((one) => one === type);
  const isPossible = algorithm.startsWith('sha') ? 'COMPOSITE' : algorithm === 'crc64nvme' ? 'FULL_OBJECT' : known;
  if (known === undefined || known !== isPossible) throw invalid(`The checksum ${name} cannot be of the type ${type}.`);
  return { algorithm, type: known };
}

/** The checksum that consists of those of the parts, each base64. */
export async function compositeChecksum(algorithm: Algorithm, parts: readonly string[]): Promise<string> {
  const hasher = hasherOf(algorithm);
  for (const part of parts) hasher.update(Buffer.from(part, 'base64'));
  return `${Buffer.from(await hasher.digest()).toString('base64')}-${parts.length}`;
}

/** @throws S3Error BadDigest */
export function assertChecksum({ algorithm, value }: PlainChecksum, expected: string | undefined): void {
  if (expected === undefined || expected === value) return;
  throw new S3Error('BadDigest', `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
}

/** As headers of an answer; those of a part say nothing of a type. */
export function checksumHeaders(checksum: Told | undefined): Record<string, string | undefined> {
  if (checksum === undefined) return {};
  return { [PREFIX + checksum.algorithm]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

/** As elements of XML, likewise. */
export function checksumElements(checksum: Told | undefined): Record<string, string | undefined> {
  if (checksum === undefined) return {};
  return { [`Checksum${checksum.algorithm.toUpperCase()}`]: checksum.value, ChecksumType: checksum.type };
}

type Told = PlainChecksum & Partial<Checksum>;

function algorithmIn(header: string): Algorithm | undefined {
  return header.startsWith(PREFIX) ? algorithmOf(header.slice(PREFIX.length)) : undefined;
}

function isAlgorithm(name: string): name is Algorithm {
  return Object.hasOwn(HASHERS, name);
}

function hasher(name: string): Hasher {
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), digest: async () => hash.digest() };
}

function invalid(message: string): S3Error {
  return new S3Error('InvalidRequest', message);
}
