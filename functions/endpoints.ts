import awsLambdaFastify from '@fastify/aws-lambda';
import { referenceEndpoints } from '../lib/endpoints/reference-services.ts';

/** The reference scoring services behind a function URL. */
export const handler = awsLambdaFastify(referenceEndpoints());
