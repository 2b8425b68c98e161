import * as z from 'zod';

/** A service as it is, whatever protocol it is spoken to in. */
export interface ScoringService {
  /** What paths and answers call it. */
  readonly name: string;
  /** What it is told by, in the order in which lists have it. */
  readonly inputs: readonly string[];
  /** What its value is called, where answers have names. */
  readonly output: string;
  readonly gives: 'number' | 'text';
  /** @param row its inputs by name @throws RefusedRequest when one is missing, or no number */
  score(row: unknown): number | string;
}

/** The caller's mistake. Fastify answers with the status. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly statusCode: number;

  constructor(message: string, statusCode = 400) {
    super(message);
    this.statusCode = statusCode;
  }
}

/**
 * A service that looks at some inputs. What else it is sent does not matter to it, but must stand in `inputs` where lists
 * have it.
 */
export function scoringService<T>(
  facts: Pick<ScoringService, 'name' | 'inputs' | 'output' | 'gives'>,
  schema: z.ZodType<T>,
  scoreOf: (inputs: T) => number | string,
): ScoringService {
  return { ...facts, score: (row) => scoreOf(readAs(schema, row)) };
}

/** What a service is sent. @throws RefusedRequest when it is something else */
export function readAs<T>(schema: z.ZodType<T>, sent: unknown): T {
  const result = schema.safeParse(sent);
  if (!result.success) throw new RefusedRequest(z.prettifyError(result.error));
  return result.data;
}
