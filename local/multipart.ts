import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import S3Error from '@20minutes/s3rver/lib/models/error.js';
import type { Metadata } from '@20minutes/s3rver/lib/models/object.js';
import type { Part } from '@20minutes/s3rver/lib/stores/filesystem.js';
import * as z from 'zod';
import { assertUploadId, noSuchUpload } from './checked-store.ts';

const headersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** What the parts of a multipart upload make together. */
export interface Assembly {
  key: string;
  metadata: Metadata;
  /** Files of the parts, in order. */
  files: string[];
  /** Bytes. */
  size: number;
  /** As S3 forms it for such objects: the MD5 of the parts' MD5s, and how many there are. */
  etag: string;
}

/**
 * Reads what a client wants to complete.
 *
 * @param directory of the upload: `key`, `metadata`, and per part `<n>` and `<n>.md5`
 * @throws S3Error NoSuchUpload, InvalidPart
 */
export async function assemble(directory: string, parts: Part[]): Promise<Assembly> {
  if (!existsSync(join(directory, 'key'))) throw noSuchUpload();
  const key = await readFile(join(directory, 'key'), 'utf8');
  const metadata = headersSchema.parse(JSON.parse(await readFile(join(directory, 'metadata'), 'utf8')));
  const inOrder = parts.toSorted((a, b) => a.number - b.number);
  const files = inOrder.map((part) => join(directory, String(part.number)));
  for (const [index, part] of inOrder.entries()) await checkPart(files[index] ?? '', part);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return { key, metadata, files, size: sizes.reduce((sum, size) => sum + size, 0), etag: etagOf(inOrder) };
}

/** The name of an upload's directory. @throws S3Error NoSuchUpload */
export function uploadDirectory(uploads: string, uploadId: string): string {
  assertUploadId(uploadId);
  return join(uploads, uploadId);
}

async function checkPart(file: string, part: Part): Promise<void> {
  const md5 = existsSync(`${file}.md5`) ? await readFile(`${file}.md5`, 'utf8') : undefined;
  if (md5 !== part.etag) {
    throw new S3Error('InvalidPart', 'A part could not be found, or its ETag is another', { PartNumber: part.number });
  }
}

function etagOf(parts: Part[]): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(part.etag, 'hex');
  return `${md5.digest('hex')}-${parts.length}`;
}
