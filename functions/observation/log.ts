import { Logger } from '@aws-lambda-powertools/logger';

/**
 * Where all that the functions tell goes to: a JSON line each, with the run, the batch and whether this was a cold start
 * (see stage.ts). Holds no data of members: see docs/operation.md.
 */
export const logger = new Logger();
