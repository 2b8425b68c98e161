import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plantMutants } from '../../../../scripts/mutation/mutants.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'member-offers-mutants-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('the mutants of a file', () => {
  it('are named by where they are and what they change, and are all in the JavaScript of it', async () => {
    const file = join(directory, 'adult.ts');
    await writeFile(
      file,
      'interface Person {\n  age: number;\n}\n\nexport const isAdult = ({ age }: Person) => age >= 18;\n',
    );
    const { mutants, sources } = await plantMutants([file]);
    const changes = mutants.map(({ line, original, replacement }) => [line, original, replacement]);
    expect(changes).toContainEqual([5, 'age >= 18', 'age > 18']);
    expect(changes).toContainEqual([5, '({ age }: Person) => age >= 18', '() => undefined']);
    expect(mutants.every((mutant) => mutant.file === file)).toBe(true);
    const source = sources.get(file) ?? '';
    expect(source).toContain('age > 18');
    expect(source).not.toContain('interface');
  });

  it('may go over several lines', async () => {
    const file = join(directory, 'greeting.ts');
    await writeFile(file, 'export function greet() {\n  return "hello";\n}\n');
    const { mutants } = await plantMutants([file]);
    expect(mutants.map(({ original }) => original)).toEqual(['{\n  return "hello";\n}', '"hello"']);
  });
});
