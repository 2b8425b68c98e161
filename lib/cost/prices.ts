/** A published price: `usd` for `per` units. */
export interface Price {
  usd: number;
  per: number;
  unit: string;
  source: string;
}

const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const S3 = 'https://aws.amazon.com/s3/pricing/';
const LOGS = 'https://aws.amazon.com/cloudwatch/pricing/';
const TRANSFER = 'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer';

/** Region and month of the prices below. Free tiers and discounts are left out, so the prices are an upper bound. */
export const PRICES_OF = { region: 'us-east-1', asOf: '2026-11' } as const;

/** AWS's prices for the resources that a run uses. DELETE requests and S3's events to Lambda are free. */
export const PRICES = {
  /** Functions on arm64. A GB is 1,024 MB; billed by the millisecond, waiting for others and cold starts included. */
  lambdaTime: { usd: 0.0000133334, per: 1, unit: 'GB-second', source: LAMBDA },
  lambdaRequests: { usd: 0.2, per: 1_000_000, unit: 'invocation', source: LAMBDA },
  /** PUT, COPY, POST, LIST and each request of a multipart upload. */
  s3Writes: { usd: 0.005, per: 1000, unit: 'request', source: S3 },
  /** GET, HEAD and all others. */
  s3Reads: { usd: 0.0004, per: 1000, unit: 'request', source: S3 },
  s3Storage: { usd: 0.023, per: 1, unit: 'GB-month', source: S3 },
  logs: { usd: 0.5, per: 1, unit: 'GB', source: LOGS },
  /** Data sent to endpoints outside of the AWS region. */
  sent: { usd: 0.09, per: 1, unit: 'GB', source: TRANSFER },
} as const satisfies Record<string, Price>;

export type PricedItem = keyof typeof PRICES;
