import { existsSync, readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = process.cwd();
const OWN = pathToFileURL(`${ROOT}/`).href;
const TRIAL = '?trial=';
const SUBSTITUTE = 'substitute:';
const JEST_GLOBALS = new URL('./jest-globals.ts', import.meta.url).href;

/** The exports that replace those of packages in this trial, by import specifier. */
const substitutes = new Map<string, Record<string, unknown>>();
Object.assign(globalThis, { __substitutes__: substitutes });

/**
 * Loads this project's modules anew for each trial, so that no trial sees the state that another has left. Packages are
 * loaded only once.
 *
 * @param planted folder of the files with mutants, which replace those of the project
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
      const trial = trialOf(context.parentURL);
      if (specifier === '@jest/globals') return { url: JEST_GLOBALS, shortCircuit: true };
      if (trial !== undefined && substitutes.has(specifier)) return substitution(specifier, trial);
      const resolved = next(specifier, context);
      return trial !== undefined && isOwn(resolved.url) ? { ...resolved, url: resolved.url + TRIAL + trial } : resolved;
    },
    load: (url, context, next) => {
      if (trialOf(url) === undefined) return next(url, context);
      const source = url.startsWith(SUBSTITUTE) ? substituteSource(url) : sourceOf(fileURLToPath(url));
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

let trials = 0;

/** Loads a file and the project's modules that it imports, for a new trial. */
export async function loadFreshly(path: string): Promise<void> {
  trials += 1;
  substitutes.clear();
  await import(pathToFileURL(path).href + TRIAL + trials);
}

/** Replaces the exports of a package for all later imports in this trial. */
export function substitute(specifier: string, exported: Record<string, unknown>): void {
  substitutes.set(specifier, exported);
}

function substitution(specifier: string, trial: string) {
  return { url: SUBSTITUTE + specifier + TRIAL + trial, shortCircuit: true };
}

function substituteSource(url: string): string {
  const specifier = url.slice(SUBSTITUTE.length).split(TRIAL)[0] ?? '';
  const names = Object.keys(substitutes.get(specifier) ?? {}).join(', ');
  return `export const { ${names} } = globalThis.__substitutes__.get(${JSON.stringify(specifier)});`;
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
