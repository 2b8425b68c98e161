import { Logger } from '@aws-lambda-powertools/logger';

/**
 * The log of all functions. Each line is JSON with the run, the batch and whether this was a cold start (see stage.ts).
 * It holds no data of members: see docs/operation.md.
 */
export const logger = new Logger();
