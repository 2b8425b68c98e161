/** The region and time-outs of a read. The SDK tries it 3 times, which is its default. */
export interface ReadOptions {
  region: string;
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: true };
}
