import { relative } from 'node:path';
import { shownAddress } from '../../lib/address.ts';
import { REFERENCE_CALLS } from '../../lib/endpoints/reference-calls.ts';
import { type Stack, stackDirectory } from '../stack.ts';

/** The text for a person who has just started the stack. */
export function welcome(stack: Stack, reference: boolean): string {
  const { s3, endpoints, secrets, bucket } = stack;
  const sample = 'uploads/default/file.csv';
  return `
  The local stack is ready.

    bucket      ${bucket}
    S3          ${s3.endpoint}   region ${s3.region}, access key ${s3.accessKeyId}, secret key ${s3.secretAccessKey}
    endpoints   ${reference ? 'reference services' : 'your own'}${secrets ? ', with the headers of ENDPOINT_HEADERS' : ''}
${addressLines(endpoints)}
    files       ${relative(process.cwd(), stackDirectory()) || '.'}

  Drop a file, in another terminal:

    npm run drop -- file.csv

  or with any S3 client:

    export AWS_ENDPOINT_URL=${s3.endpoint} AWS_REGION=${s3.region}
    export AWS_ACCESS_KEY_ID=${s3.accessKeyId} AWS_SECRET_ACCESS_KEY=${s3.secretAccessKey}
    aws s3 cp file.csv s3://${bucket}/${sample} --metadata as-of=2024-01-31

  Ctrl-C stops it.
`;
}

function addressLines(endpoints: Stack['endpoints']): string {
  const lines = REFERENCE_CALLS.map((call) => {
    const label = call.toUpperCase().padEnd(LABEL_WIDTH);
    return `                ${label}  ${shownAddress(new URL(endpoints[call]))}`;
  });
  return lines.join('\n');
}

const LABEL_WIDTH = Math.max(...REFERENCE_CALLS.map((call) => call.length));
