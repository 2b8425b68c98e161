import { readFileSync } from 'node:fs';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import * as z from 'zod';
import { CommandError, messageOf } from './command.ts';

/** The arguments and options of a command. Every command has `--help` and `--version` as well. */
export interface CommandLine<Schema extends z.ZodType> {
  usage: string;
  /** Names of the arguments that are not options; by default `file` alone. */
  positionals?: readonly string[];
  options: readonly string[];
  /** Options that have no value. */
  flags?: readonly string[];
  /** Reads the arguments and options, given as strings by their names; flags are given as `true`. */
  schema: Schema;
}

/** The command line of a command without arguments and options. */
export function bareCommandLine(usage: string) {
  const schema = z.object({ file: z.undefined('this takes no file') });
  return {
    usage: `${usage}\n\n  --help           print this; --version prints the program's`,
    options: [],
    schema,
  } satisfies CommandLine<z.ZodType>;
}

/**
 * Reads a command's arguments; undefined when they asked for help or the version, which this has printed.
 *
 * @throws CommandError that quotes the first wrong argument
 */
export function readArguments<Schema extends z.ZodType>(
  { usage, positionals: names = ['file'], options, flags = [], schema }: CommandLine<Schema>,
  args: readonly string[],
): z.infer<Schema> | undefined {
  const { values, positionals } = split(args, options, flags);
  if (values.help) {
    console.log(usage);
    return undefined;
  }
  if (values.version) {
    console.log(version());
    return undefined;
  }
  const extra = positionals[names.length];
  if (extra !== undefined) {
    throw new CommandError(`one ${names.at(-1)} at a time, please: what is "${extra}"? (--help says more)`);
  }
  const named = Object.fromEntries(names.map((name, place) => [name, positionals[place]]));
  const parsed = schema.safeParse({ ...named, ...values });
  if (parsed.success) return parsed.data;
  throw new CommandError(`${parsed.error.issues[0]?.message ?? 'wrong arguments'} (--help says more)`);
}

function split(args: readonly string[], names: readonly string[], flags: readonly string[]) {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } };
  for (const name of names) options[name] = { type: 'string' };
  for (const flag of flags) options[flag] = { type: 'boolean' };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    // The first sentence of Node's message is enough; the rest explains how to pass arguments that look like options.
    const [problem] = messageOf(error).split('. ');
    throw new CommandError(`${problem} (--help says more)`);
  }
}

const packageSchema = z.object({ name: z.string(), version: z.string() });

/** Such as `member-offers 1.2.3`. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { name, version } = packageSchema.parse(JSON.parse(text));
  return `${name} ${version}`;
}

/** An existing day, as `YYYY-MM-DD`. */
export const daySchema = z.iso.date({
  error: (issue) => `--as-of must be a day such as 2024-01-31, not "${issue.input}"`,
});

/** A partner's name is one part of the object key, and so of a path on a disk. */
export const partnerSchema = z
  .string()
  .refine((partner) => /^[^/\\\p{Cc}]+$/u.test(partner) && !/^\.+$/.test(partner) && partner.trim() === partner, {
    error: (issue) => `--partner must be a name without slashes, not "${issue.input}"`,
  });

/** A whole number written in decimal digits, at least `least`. */
export function wholeNumberSchema(option: string, least: number) {
  const error = `--${option} must be a whole number, ${least} or more`;
  return z.string().regex(/^\d+$/, error).transform(Number).pipe(z.int(error).min(least, error));
}
