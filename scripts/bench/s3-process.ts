import { startLocalS3 } from '../../local/s3/server.ts';

/** The local S3 in a directory; sends where it is. */
const [directory = '', bucket = ''] = process.argv.slice(2);
const { endpoint, region, credentials } = await startLocalS3({ directory, bucket, port: 0 });
process.on('disconnect', () => process.exit());
process.send?.({ endpoint, region, ...credentials });
