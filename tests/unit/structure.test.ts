import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SOURCES = globSync('{lib,functions,local,scripts}/**/*.ts');

interface Import {
  from: string;
  to: string;
}

const IMPORTS: readonly Import[] = SOURCES.flatMap((from) =>
  [...readFileSync(from, 'utf8').matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, path = '']) => ({
    from,
    to: join(dirname(from), path),
  })),
);

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** Imports that go from one of some folders to one of others. */
function crossing(from: readonly string[], to: readonly string[]): string[] {
  return IMPORTS.filter(
    (entry) => from.some((folder) => isBelow(entry.from, folder)) && to.some((folder) => isBelow(entry.to, folder)),
  ).map((entry) => `${entry.from} imports ${entry.to}`);
}

describe('imports go in one direction', () => {
  it('lib knows nothing of functions, nor of what is for development', () => {
    expect(crossing(['lib'], ['functions', 'local', 'scripts'])).toEqual([]);
  });

  it('functions know nothing of what is for development', () => {
    expect(crossing(['functions'], ['local', 'scripts'])).toEqual([]);
  });

  it('no other folder of lib knows the stages', () => {
    const others = globSync('lib/*').filter((path) => path !== 'lib/stages');
    expect(crossing(others, ['lib/stages'])).toEqual([]);
  });

  it('no stage knows another', () => {
    const stages = globSync('lib/stages/*');
    const known = stages.flatMap((stage) =>
      crossing(
        [stage],
        stages.filter((other) => other !== stage),
      ),
    );
    expect(known).toEqual([]);
  });
});

it('no two folders import each other', () => {
  const pairs = new Set(IMPORTS.map(({ from, to }) => `${dirname(from)} ${dirname(to)}`));
  const mutual = [...pairs].filter((pair) => {
    const [one = '', other = ''] = pair.split(' ');
    return one !== other && !isBelow(one, other) && !isBelow(other, one) && pairs.has(`${other} ${one}`);
  });
  expect(mutual).toEqual([]);
});

it('no two exported types have one name', () => {
  const places = new Map<string, string[]>();
  for (const file of SOURCES) {
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
      /^export (?:abstract )?(?:type|interface|class) (\w+)/gm,
    )) {
      places.set(name, [...(places.get(name) ?? []), file]);
    }
  }
  expect([...places].filter(([, files]) => files.length > 1)).toEqual([]);
});
