import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { FastifyReply } from 'fastify';

/** A way to send a right answer that not every client can read. */
interface Sending {
  description: string;
  send: (reply: FastifyReply, text: string) => string | Buffer | Readable;
}

/** All of these, by name. */
export const SENDINGS = {
  gzip: {
    description: 'a right answer, compressed',
    send: (reply, text) => {
      reply.header('content-encoding', 'gzip');
      return gzipSync(text);
    },
  },
  chunked: {
    description: 'a right answer in several chunks, of unknown length',
    send: (_reply, text) => Readable.from(chunksOf(Buffer.from(text)), { objectMode: false }),
  },
  bom: { description: 'a right answer after a byte-order mark', send: (_reply, text) => `\uFEFF${text}` },
} satisfies Record<string, Sending>;

export type SendingName = keyof typeof SENDINGS;

/** Whether a name is one of `SENDINGS`. */
export function isSendingName(name: string): name is SendingName {
  return Object.hasOwn(SENDINGS, name);
}

const CHUNK_BYTES = 7;

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) yield bytes.subarray(from, from + CHUNK_BYTES);
}
