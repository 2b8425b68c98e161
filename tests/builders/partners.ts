import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Definition } from '../../lib/partners/definition.ts';
import type { Partners } from '../../lib/partners/partners.ts';

/** The partners of a deployment, by what their files say. @param digest of all of these files */
export function partnersOf(definitions: Record<string, Definition>, digest = 'aaaaaaaaaaaa'): Partners {
  const known = new Map(Object.entries(definitions));
  return {
    names: [...known.keys()],
    read: (name) => {
      const definition = known.get(name);
      if (definition === undefined) throw new Error(`no ${name}`);
      return { file: `${name}.yml`, digest, definition };
    },
  };
}

/** The text of a small partner file. @param models lines, each of a model */
export function partnerFileText(...models: readonly string[]): string {
  return `input:
  fields:
    member: { titles: [CUSTOMER], type: string, required: true }
    time: { titles: [DATE], type: datetime, required: true }
features:
  VISITS: { count: transactions }
models:
${models.map((model) => `  ${model}\n`).join('')}`;
}

/** A folder with partner files for each test, as a project or a deployment is. */
export function usePartnersFolder(files: Readonly<Record<string, string>> = {}) {
  let root = '';
  const write = async (others: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(others)) await writeFile(join(root, 'partners', name), text);
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'partners-'));
    await mkdir(join(root, 'partners'));
    await write(files);
  });
  afterEach(() => rm(root, { recursive: true }));
  return {
    get root() {
      return root;
    },
    write,
  };
}
