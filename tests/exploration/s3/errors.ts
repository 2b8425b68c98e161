import { S3ServiceException } from '@aws-sdk/client-s3';

/** An error as the client throws it when S3 has answered with one. */
export function s3Error(name: string, httpStatusCode: number, message: string): S3ServiceException {
  return new S3ServiceException({
    name,
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    message,
    $metadata: { httpStatusCode, attempts: 1 },
  });
}

export function noSuchKey(key: string): S3ServiceException {
  return s3Error('NoSuchKey', 404, `The specified key does not exist: ${key}`);
}

export function preconditionFailed(key: string): S3ServiceException {
  return s3Error('PreconditionFailed', 412, `At least one of the pre-conditions you specified did not hold: ${key}`);
}

export function keyTooLong(key: string): S3ServiceException {
  return s3Error('KeyTooLongError', 400, `Your key is too long: ${key.slice(0, 50)}…`);
}

export function notImplemented(what: string): S3ServiceException {
  return s3Error('NotImplemented', 501, `The bucket in memory does not know ${what}`);
}
