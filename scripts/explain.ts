import { stackDirectory } from '../local/stack.ts';
import { whole } from '../local/terminal/printable.ts';
import { type ExplainOptions, explainCommandLine } from './explain/arguments.ts';
import type { Explanation } from './explain/explanation.ts';
import { explainFile } from './explain/file.ts';
import { explanationJson } from './explain/json.ts';
import { explainRun } from './explain/run.ts';
import { explanationText } from './explain/text.ts';
import { readArguments } from './shared/arguments.ts';
import { CommandError, refusalOf, runCommand } from './shared/command.ts';
import { deployedTarget, localTarget } from './shared/target.ts';

const EXIT_CODES = { SCORED: 0, FAILED: 2 } as const;
const NOT_SCORED = 1;

await runCommand(async (signal) => {
  try {
    return await untilAborted(explainAsAsked(signal), signal);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    // Messages quote names and texts from outside.
    throw new CommandError(whole(refusal), { cause: error });
  }
});

async function explainAsAsked(signal: AbortSignal): Promise<number> {
  const options = readArguments(explainCommandLine, process.argv.slice(2));
  if (!options) return 0;
  const explanation = await find(options, signal);
  console.log(options.json ? explanationJson(explanation) : explanationText(explanation));
  return explanation.outcome === undefined ? NOT_SCORED : EXIT_CODES[explanation.outcome.status];
}

function find(options: ExplainOptions, signal: AbortSignal): Promise<Explanation> {
  if ('path' in options) return explainFile(options, signal);
  const bucket = options.bucket ?? process.env.BUCKET;
  const target = bucket ? deployedTarget(bucket) : localTarget(stackDirectory());
  return explainRun(target, options.runId, options.memberId);
}

/** What is under way cannot all be taken back, but nobody has to wait for it. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
