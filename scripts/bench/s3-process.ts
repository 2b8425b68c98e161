import { startLocalS3 } from '../../local/s3/server.ts';

/** Serves the local S3 of a directory; sends its address and keys. */
const [directory = '', bucket = ''] = process.argv.slice(2);
const { endpoint, region, credentials } = await startLocalS3({ directory, bucket, port: 0 });
process.on('disconnect', () => process.exit());
process.send?.({ endpoint, region, ...credentials });
