import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PARTNERS_FOLDER, partnersIn } from '../lib/partners/partner-folder.ts';

/** Where Lambda has unpacked the function; locally such a folder is named, too, but not there. */
const packageRoot = process.env.LAMBDA_TASK_ROOT ?? '';

/** The partner files that were deployed with the function, or those of the project that it runs in. */
export const partners = partnersIn(
  packageRoot !== '' && existsSync(join(packageRoot, PARTNERS_FOLDER)) ? packageRoot : process.cwd(),
);
