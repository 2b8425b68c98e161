import { readService } from '../../local/lambda/service.ts';

/** The service that is measured, with the settings of serverless.yml. */
export const SERVICE = readService();
