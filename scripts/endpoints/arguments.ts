import * as z from 'zod';
import { REFERENCE_PROTOCOL_NAMES } from '../../lib/endpoints/reference/server-protocols.ts';
import { REFERENCE_CALLS } from '../../lib/endpoints/reference-calls.ts';
import { ALTERATIONS } from '../../local/faults/alterations.ts';
import { FAULTS } from '../../local/faults/answers.ts';
import { parseLatency } from '../../local/faults/latency.ts';
import { SENDINGS } from '../../local/faults/sendings.ts';
import { type FaultPlan, FaultSpecError, parseFaults } from '../../local/faults/spec.ts';
import { type CommandLine, wholeNumberSchema } from '../shared/arguments.ts';

const faultLines = Object.entries({ ...FAULTS, ...ALTERATIONS, ...SENDINGS }).map(
  ([name, { description }]) => `  ${name.padEnd(16)} ${description}`,
);

export const endpointsCommandLine = {
  usage: `Usage: npm run endpoints -- [options]

Serves the reference endpoints, and makes them misbehave. Prints what to export, so that a stack scores with them. The
same seed hits the same requests. Ctrl-C stops it and says how many requests were hit by what.

  --faults SPEC    what goes wrong and how often: 500:5%,429:2%,ats.reset:3%,slow:10%,down:offer (default: nothing)
  --seed N         another number, other requests that are hit (default: 1)
  --latency SPEC   of every answer in milliseconds: fixed:20, uniform:5-50, or lognormal:20-400, median and 99th
                   percentile (default: none)
  --protocol NAME  ${REFERENCE_PROTOCOL_NAMES.join(', ')}: prints the addresses that servers of the
                   protocol have, and what to write into partners/default.yml
  --port N         0 for any (default: 4010)
  --help           print this; --version prints the program's

The addresses without a protocol answer each request in the protocol that it has: an object, a list of objects, instances,
dataframe_split, dataframe_records, inputs, or CSV.

A share alone is one of the requests, which are tried again. A model that refuses some inputs always:

  ats.500:30%-of-inputs               the same inputs each time
  'ats.nan:PCT_BUY_TRANSACTIONS=0'    by a number that the input holds; also < and >
  'ats.413:rows>50'                   by how many rows a request has, or how many bytes: 'ats.413:bytes>100000'

In a request with several rows, one such row makes all of them fail, as with real servers. But nan, infinity, null and string
are in that row's value alone; by a share, in one row of the request. Errors have the form that the protocol has for them;
SageMaker hands most of them on as 424.

Faults, for all endpoints, or after an endpoint's name and a dot for one:

${faultLines.toSorted().join('\n')}
  slow             a right answer after a second or more, log-normal with median 1 s and 99th percentile 4 s
  down:ENDPOINT    503 to every request of an endpoint: ${REFERENCE_CALLS.join(', ')}`,
  positionals: ['fault'],
  options: ['faults', 'seed', 'latency', 'protocol', 'port'],
  schema: z.object({
    fault: z.undefined('faults go after --faults'),
    faults: z.string().default('').transform(readPlan),
    seed: wholeNumberSchema('seed', 0).prefault('1'),
    latency: z.string().transform(readLatency).optional(),
    protocol: z
      .enum(REFERENCE_PROTOCOL_NAMES, {
        error: ({ input }) => `--protocol must be one of ${REFERENCE_PROTOCOL_NAMES.join(', ')}, not "${input}"`,
      })
      .optional(),
    port: wholeNumberSchema('port', 0).pipe(z.int().max(65_535, '--port must be 65535 or less')).prefault('4010'),
  }),
} satisfies CommandLine<z.ZodType>;

function readPlan(spec: string, context: z.RefinementCtx): FaultPlan {
  try {
    return parseFaults(spec);
  } catch (error) {
    if (!(error instanceof FaultSpecError)) throw error;
    context.addIssue({ code: 'custom', message: `--faults: ${error.message}` });
    return z.NEVER;
  }
}

function readLatency(spec: string, context: z.RefinementCtx) {
  const latency = parseLatency(spec);
  if (latency === undefined) {
    const message = `--latency must be fixed:20, uniform:5-50 or lognormal:20-400, not "${spec}"`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  return latency;
}
