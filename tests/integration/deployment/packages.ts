import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { unzipSync } from 'fflate';
import { z } from 'zod';
import { packaging } from './packaging.ts';
import { type Template, templateIn } from './template.ts';

/**
 * Lambda's Node does not look into a file for whether it is an ES module, nor loads one by require().
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const NODE_FLAGS = ['--no-experimental-detect-module', '--no-experimental-require-module'];

const functionSchema = z.object({
  FunctionName: z.string(),
  Handler: z.string(),
  /** Seconds. */
  Timeout: z.int(),
  Environment: z.object({ Variables: z.record(z.string(), z.union([z.string(), z.number().transform(String)])) }),
});

/** What Lambda is given of the functions: zips, each of them also unpacked in a folder of its own. */
export class Packages {
  readonly directory: string;
  readonly template: Template;
  readonly #functions: Map<string, z.infer<typeof functionSchema>>;

  private constructor(directory: string, functions: Map<string, z.infer<typeof functionSchema>>, template: Template) {
    this.directory = directory;
    this.#functions = functions;
    this.template = template;
  }

  /** Packages a stage. Below the system's folder for such things no package.json says what is in it. */
  static async of(stage: string): Promise<Packages> {
    const directory = await mkdtemp(join(tmpdir(), 'member-offers-zips-'));
    const template = await packaging(stage, {}, async (folder) => {
      for (const zip of (await readdir(folder)).filter((name) => name.endsWith('.zip'))) {
        await cp(join(folder, zip), join(directory, zip));
        await unpack(await readFile(join(folder, zip)), join(directory, basename(zip, '.zip')));
      }
      return templateIn(folder);
    });
    const functions = template.ofType('AWS::Lambda::Function').map(([, properties]) => {
      const parsed = functionSchema.parse(properties);
      return [parsed.FunctionName.replace(`member-offers-${stage}-`, ''), parsed] as const;
    });
    return new Packages(directory, new Map(functions), template);
  }

  get names(): string[] {
    return [...this.#functions.keys()];
  }

  /**
   * Has a function answer an event in a new process, with the variables that it is deployed with.
   *
   * @param environment goes before those
   * @throws what the process printed, when it ends without an answer
   */
  async invoke(name: string, event: unknown, environment: Record<string, string> = {}): Promise<unknown> {
    const { Handler, Timeout, Environment } = this.#function(name);
    const [module = '', handler = ''] = Handler.split('.');
    const runtime = join(import.meta.dirname, 'lambda-runtime.ts');
    const child = fork(runtime, [this.#path(name, `${module}.js`), handler, String(Timeout)], {
      execArgv: NODE_FLAGS,
      // A function finds what is packed with it, and nothing of the project.
      cwd: this.#path(name),
      env: { ...Environment.Variables, ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.send(Object(event));
    const answers: unknown[] = [];
    child.once('message', (message) => answers.push(Object(message).answer));
    const printed = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')));
    await once(child, 'exit');
    if (answers.length === 0) throw new Error(`${name} gave no answer: ${(await printed).join('')}`);
    return answers[0];
  }

  /** The files that a function's code imports, now or later. @throws when one is not in its zip */
  async imports(name: string): Promise<string[]> {
    const found = new Set([this.#function(name).Handler.replace(/\.\w+$/, '.js')]);
    for (const file of found) {
      const code = await readFile(this.#path(name, file), 'utf8').catch(() => {
        throw new Error(`${name}.zip has no ${file}`);
      });
      for (const [, chunk] of code.matchAll(/\b(?:from|import) ?\(? ?["']\.\/([\w.-]+)["']/g)) {
        found.add(`functions/${chunk}`);
      }
    }
    return [...found];
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }

  #function(name: string): z.infer<typeof functionSchema> {
    const found = this.#functions.get(name);
    if (found === undefined) throw new Error(`there is no function ${name}`);
    return found;
  }

  #path(...names: string[]): string {
    return join(this.directory, ...names);
  }
}

async function unpack(zip: Uint8Array, folder: string): Promise<void> {
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}
