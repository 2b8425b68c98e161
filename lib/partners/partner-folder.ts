import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Partner, PartnerFileError, readPartnerFile } from './partner-file.ts';
import type { Partners } from './partners.ts';

/** The folder of partner files, in a deployment and in the project. */
export const PARTNERS_FOLDER = 'partners';

/** In it, the examples: they count where the project lies, and are not deployed. */
const EXAMPLES_FOLDER = `${PARTNERS_FOLDER}/examples`;

const EXTENSION = '.yml';

/** What else may lie in the folder of partner files. */
const NO_PARTNERS = ['partner.schema.json', 'examples'];

/**
 * The partner files of a folder, and the examples where they are there: an example does not count for who has a file. Each
 * is read when it is first asked for.
 * @param root the folder that holds `partners/`
 */
export function partnersIn(root: string): Partners {
  return partnersAt(root, [...namesAndPaths(root, EXAMPLES_FOLDER), ...namesAndPaths(root, PARTNERS_FOLDER)]);
}

/** Those of the partner files that are deployed: all but the examples. */
export function deployedPartnersIn(root: string): Partners {
  return partnersAt(root, namesAndPaths(root, PARTNERS_FOLDER));
}

/** @param files names and paths; of two with a name the later one counts */
function partnersAt(root: string, files: readonly (readonly [string, string])[]): Partners {
  const paths = new Map(files);
  const known = new Map<string, Partner>();
  const read = (name: string) => {
    const path = paths.get(name);
    if (path === undefined) throw new Error(`there is no file of ${name}`);
    const partner = known.get(name) ?? readPartnerFile(path, readFileSync(join(root, path), 'utf8'));
    known.set(name, partner);
    return partner;
  };
  return { names: [...paths.keys()].toSorted(), read };
}

/** What is wrong with the files of a folder, a line each; none when all can be used. */
export function mistakesIn(root: string): string[] {
  const others = filesIn(root, PARTNERS_FOLDER).filter(
    (file) => !file.endsWith(EXTENSION) && !NO_PARTNERS.includes(file),
  );
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

/** The partners that have a file in a folder, with its path. */
function namesAndPaths(root: string, folder: string): (readonly [string, string])[] {
  return filesIn(root, folder).flatMap((file) =>
    file.endsWith(EXTENSION) ? [[file.slice(0, -EXTENSION.length), `${folder}/${file}`] as const] : [],
  );
}

function filesIn(root: string, folder: string): string[] {
  const path = join(root, folder);
  return folder === EXAMPLES_FOLDER && !existsSync(path) ? [] : readdirSync(path).toSorted();
}
