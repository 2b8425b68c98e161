import * as z from 'zod';

/** Environment variables are missing or cannot be used. The message names them. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError';
}

/**
 * Reads environment variables; called once, at the cold start.
 * @throws EnvironmentError that names what is missing or cannot be used
 */
export function parseEnvironment<T extends z.ZodRawShape>(variables: T, environment = process.env) {
  const parsed = z.object(variables).safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(`environment variables cannot be used:\n${z.prettifyError(parsed.error)}`);
}

/** A variable that may be missing or empty. It is empty when serverless.yml hands on a variable that is not set. */
export function optional<T extends z.ZodType>(schema: T) {
  return z
    .literal('')
    .transform(() => undefined)
    .or(schema)
    .optional();
}

const memory = { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: optional(z.coerce.number().int().positive()) };

/** The function's memory in megabytes. Lambda and the local stack set it; undefined elsewhere. */
export const memoryMb = parseEnvironment(memory).AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
