import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

const accessKeysSchema = z.object({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) });

/** What a client signs its requests with. */
export type AccessKeys = z.infer<typeof accessKeysSchema>;

/**
 * The keys that are kept in a file, or new ones that are kept there from now on: nobody knows them who cannot read it,
 * and what they were once given to goes on to work.
 *
 * @throws when the file holds something else
 */
export function accessKeysIn(file: string): AccessKeys {
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(newAccessKeys(), null, 2)}\n`, { mode: 0o600 });
  try {
    return accessKeysSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} holds no access keys. Remove it, and new ones are made.`, { cause });
  }
}

/** In letters that no shell, address or profile has to quote. */
function newAccessKeys(): AccessKeys {
  return {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
  };
}
