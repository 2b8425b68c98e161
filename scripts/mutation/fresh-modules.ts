import { existsSync, readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = process.cwd();
const OWN = pathToFileURL(`${ROOT}/`).href;
const TRIAL = '?trial=';

/**
 * Lets this project's modules be loaded anew for each trial, so that none sees what another has left behind, while the
 * packages that they need are loaded once.
 *
 * @param planted folder of the files with mutants; they take the place of the project's
 */
export function refreshModules(planted: string): void {
  const sources = new Map<string, string>();
  const sourceOf = (path: string): string => {
    const source = sources.get(path) ?? readSource(path, planted);
    sources.set(path, source);
    return source;
  };
  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context);
      const trial = trialOf(context.parentURL);
      return trial !== undefined && isOwn(resolved.url) ? { ...resolved, url: resolved.url + TRIAL + trial } : resolved;
    },
    load: (url, context, next) =>
      trialOf(url) === undefined
        ? next(url, context)
        : { format: 'module', source: sourceOf(fileURLToPath(url)), shortCircuit: true },
  });
}

let trials = 0;

/** Loads a file, and what it imports of this project, for a new trial. */
export async function loadFreshly(path: string): Promise<void> {
  trials += 1;
  await import(pathToFileURL(path).href + TRIAL + trials);
}

function trialOf(url: string | undefined): string | undefined {
  return url?.split(TRIAL)[1];
}

function isOwn(url: string): boolean {
  return url.startsWith(OWN) && url.endsWith('.ts') && !url.includes('/node_modules/');
}

function readSource(path: string, planted: string): string {
  const withMutants = join(planted, relative(ROOT, path));
  return existsSync(withMutants) ? readFileSync(withMutants, 'utf8') : stripTypeScriptTypes(readFileSync(path, 'utf8'));
}
