import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import S3rver from '@20minutes/s3rver';
import { DUMMY_ACCOUNT } from '@20minutes/s3rver/lib/models/account.js';
import S3Object from '@20minutes/s3rver/lib/models/object.js';
import { type AccessKeys, accessKeysIn } from './access-keys.ts';
import { clientRequests } from './client-requests.ts';
import { guard, HOST } from './guard.ts';
import { listingPages } from './listing-pages.ts';
import { type ObjectCreated, ObjectStore } from './objects.ts';
import { portOf } from './ports.ts';
import { signedRequests } from './signed-requests.ts';
import { xmlAnswers } from './xml-answers.ts';

export interface LocalS3Options {
  /** Where the objects and the keys are kept; they outlive the server. */
  directory: string;
  /** 0 for any free one. */
  port: number;
  /** The bucket that is there from the start. */
  bucket: string;
  /** Called for every object once it can be read, in the order of their creation. It must not throw. */
  onObjectCreated?: (object: ObjectCreated) => void;
}

export interface LocalS3 {
  /** With an IP address, with which every client uses path-style addresses unasked. */
  endpoint: string;
  region: string;
  /** Of the one account. What is not signed with them is refused. */
  credentials: AccessKeys;
  bucket: string;
  /** Stores an object, past HTTP, unless there is one of this key. Tells whether it did. */
  createIfAbsent(key: string, open: () => Readable): Promise<boolean>;
  /** Stops at once; requests under way are cut off. */
  close(): Promise<void>;
}

/**
 * Starts an S3 on this machine that raises an event for every object, takes uploads of any current client, and writes
 * whole objects or none.
 *
 * @throws the error of listen (EADDRINUSE, EACCES) when the port cannot be had
 */
export async function startLocalS3(options: LocalS3Options): Promise<LocalS3> {
  const { bucket, onObjectCreated } = options;
  const store = openStore(options.directory, onObjectCreated ?? (() => {}));
  await store.putBucket(bucket);
  const credentials = accessKeysIn(join(options.directory, 'keys.json'));
  const s3 = emulator(store, options.directory, credentials);
  const server = await listen(guard(createServer(s3.callback())), options.port);
  return {
    endpoint: `http://${HOST}:${portOf(server)}`,
    region: 'us-east-1',
    credentials,
    bucket,
    createIfAbsent: async (key, open) => {
      if (await store.existsObject(bucket, key)) return false;
      await store.putObject(new S3Object(bucket, key, open(), {}));
      return true;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function openStore(directory: string, onCreated: (object: ObjectCreated) => void): ObjectStore {
  const incoming = join(directory, 'incoming');
  rmSync(incoming, { recursive: true, force: true });
  mkdirSync(incoming, { recursive: true });
  const objects = join(directory, 'objects');
  mkdirSync(objects, { recursive: true });
  return new ObjectStore({ objects, incoming, onCreated });
}

function emulator(store: ObjectStore, directory: string, keys: AccessKeys): S3rver {
  DUMMY_ACCOUNT.createKeyPair(keys.accessKeyId, keys.secretAccessKey);
  // By then signatures have been checked.
  const s3 = new S3rver({ directory, silent: true, vhostBuckets: false, allowMismatchedSignatures: true });
  s3.store = store;
  s3.context.store = store;
  const [first, beforeRouter] = xmlAnswers();
  s3.middleware.unshift(signedRequests(keys), first);
  // The last one is the router.
  s3.middleware.splice(-1, 0, beforeRouter, clientRequests(store), listingPages());
  s3.on('error', (error, ctx) => {
    // That a client went away is no error of the server's.
    if ((error.status ?? 500) >= 500 && ctx.writable) console.error('Local S3:', error);
  });
  return s3;
}

async function listen(server: Server, port: number): Promise<Server> {
  // Clients keep connections for reuse; one that is closed under them costs a retry.
  server.keepAliveTimeout = 60_000;
  // An upload may take as long as it takes.
  server.requestTimeout = 0;
  server.listen(port, HOST);
  await once(server, 'listening');
  return server;
}
