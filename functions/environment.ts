import * as z from 'zod';

/** The deployment is incomplete: the message names the variables. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}

/**
 * Reads environment variables, once, at the cold start.
 * @throws EnvironmentError that names what is missing or cannot be used
 */
export function parseEnvironment<T extends z.ZodRawShape>(variables: T, environment = process.env) {
  const parsed = z.object(variables).safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(`environment variables cannot be used:\n${z.prettifyError(parsed.error)}`);
}

/** A variable that may be missing or empty, as one is that serverless.yml hands on without its being set. */
export function optional<T extends z.ZodType>(schema: T) {
  return z
    .literal('')
    .transform(() => undefined)
    .or(schema)
    .optional();
}

const memory = { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: optional(z.coerce.number().int().positive()) };

/** What the function is set to, megabytes. Lambda tells, as does what runs functions locally; undefined elsewhere. */
export const memoryMb = parseEnvironment(memory).AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
