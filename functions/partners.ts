import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PARTNERS_FOLDER, partnersIn } from '../lib/partners/partner-folder.ts';

/** The partner files that were deployed with the function, or those of the project that it runs in. */
export const partners = partnersIn(rootAbove(import.meta.dirname));

/**
 * The nearest folder that holds the partner files: on Lambda what was unpacked, else the project, of which bundles lie
 * somewhere below.
 */
function rootAbove(folder: string): string {
  const above = dirname(folder);
  return existsSync(join(folder, PARTNERS_FOLDER)) || above === folder ? folder : rootAbove(above);
}
