import { S3ServiceException } from '@aws-sdk/client-s3';
import { S3Error } from '../../../local/s3/errors.ts';

/** An error as the client throws it when S3 has answered with one. */
export function s3Error(name: string, httpStatusCode: number, message: string): S3ServiceException {
  return new S3ServiceException({
    name,
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    message,
    $metadata: { httpStatusCode, attempts: 1 },
  });
}

/** The same of what the local S3 would answer. */
export function thrownByClient(error: unknown): unknown {
  return error instanceof S3Error ? s3Error(error.code, error.status, error.message) : error;
}

export function preconditionFailed(key: string): S3ServiceException {
  return s3Error('PreconditionFailed', 412, `At least one of the pre-conditions you specified did not hold: ${key}`);
}
