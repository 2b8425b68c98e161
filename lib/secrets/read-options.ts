/** Where and for how long; see the SDK's defaults for how often, 3 times. */
export interface ReadOptions {
  region: string;
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: true };
}
