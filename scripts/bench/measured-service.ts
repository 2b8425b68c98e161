import { readService } from '../../local/lambda/service.ts';

/** What is measured, as serverless.yml has it. */
export const SERVICE = readService();
