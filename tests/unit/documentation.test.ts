import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PAGES = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md')];
const COMMANDS = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts);

const textOf = (page: string) => readFileSync(page, 'utf8');
/** Without what stands in fences: that is no Markdown. */
const proseOf = (page: string) => textOf(page).replace(/^( *)```[\s\S]*?^\1```/gm, '');

/** How GitHub names a heading in addresses. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links to files of the project, as they are written. */
function linksOf(page: string): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function isFound(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : join(dirname(page), file);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** Files and folders of the project that a page names: what begins with one of its folders. */
function pathsOf(page: string): string[] {
  const folders = 'functions|lib|local|scripts|tests|resources|events|docs|\\.github';
  return [...proseOf(page).matchAll(new RegExp(`\`((?:${folders})/[^\`\\s<>*…$]*)\``, 'g'))].map(
    ([, path = '']) => path,
  );
}

it.each(PAGES)('the links of %s lead to a file, and to a heading in it', (page) => {
  expect(linksOf(page).filter((link) => !isFound(page, link))).toEqual([]);
});

it.each(PAGES)('what %s names of the project is there', (page) => {
  expect(pathsOf(page).filter((path) => !existsSync(path.replace(/:\d+$/, '')))).toEqual([]);
});

it.each(PAGES)('the commands that %s has one run are there', (page) => {
  const named = [...textOf(page).matchAll(/npm run (?:--silent )?([a-z]+)/g)].map(([, command = '']) => command);
  expect(named.filter((command) => !COMMANDS.includes(command))).toEqual([]);
});

it('the README can be read in a few minutes', () => {
  expect(textOf('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

it('no page is without a way to it from the README', () => {
  const known = new Set(['README.md']);
  for (const page of known) {
    for (const link of linksOf(page)) {
      const target = join(dirname(page), link.split('#')[0] || '.');
      if (target.endsWith('.md') && existsSync(target) && statSync(target).isFile()) known.add(target);
    }
  }
  expect(PAGES.filter((page) => !known.has(page))).toEqual([]);
});

it('docs/settings.md has all that serverless.yml reads from the environment', () => {
  const read = [...textOf('serverless.yml').matchAll(/env:([A-Z_]+)/g)].map(([, name = '']) => name);
  const settings = textOf('docs/settings.md');
  expect(read).toContain('ATS_URL');
  expect([...new Set(read)].filter((name) => !settings.includes(`\`${name}\``))).toEqual([]);
});
