import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Partner, PartnerFileError, readPartnerFile } from './partner-file.ts';
import type { Partners } from './partners.ts';

/** The folder of partner files, in a deployment and in the project. */
export const PARTNERS_FOLDER = 'partners';

const EXTENSION = '.yml';

/** What else may lie there. */
const SCHEMA_FILE = 'partner.schema.json';

/**
 * The partner files of a folder, of which each is read when it is first asked for.
 * @param root the folder that holds `partners/`
 */
export function partnersIn(root: string): Partners {
  const names = filesIn(root).flatMap((file) => (file.endsWith(EXTENSION) ? file.slice(0, -EXTENSION.length) : []));
  const known = new Map<string, Partner>();
  const read = (name: string) => {
    const partner = known.get(name) ?? readPartnerFile(pathOf(name), textOf(root, name));
    known.set(name, partner);
    return partner;
  };
  return { names, read };
}

/** What is wrong with the files of a folder, a line each; none when all can be used. */
export function mistakesIn(root: string): string[] {
  const others = filesIn(root).filter((file) => !file.endsWith(EXTENSION) && file !== SCHEMA_FILE);
  const { names, read } = partnersIn(root);
  return [
    ...others.map((file) => `${PARTNERS_FOLDER}/${file}: this is not read: partner files end in ${EXTENSION}`),
    ...names.flatMap((name) => {
      try {
        read(name);
        return [];
      } catch (error) {
        if (error instanceof PartnerFileError) return error.message.split('\n');
        throw error;
      }
    }),
  ];
}

function filesIn(root: string): string[] {
  return readdirSync(join(root, PARTNERS_FOLDER)).toSorted();
}

function pathOf(name: string): string {
  return `${PARTNERS_FOLDER}/${name}${EXTENSION}`;
}

function textOf(root: string, name: string): string {
  return readFileSync(join(root, pathOf(name)), 'utf8');
}
