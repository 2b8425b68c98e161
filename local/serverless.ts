/** The parts of the Serverless framework that the local plugin uses. */
export interface Serverless {
  serviceDir: string;
  processedInput: { commands: string[] };
  yamlParser: { parse(path: string): Promise<unknown> };
  service: {
    provider: { stage: string; s3?: Record<string, { name?: string }> };
    custom: Record<string, unknown> & { esbuild: Record<string, unknown> };
    functions: Record<string, ServerlessFunction>;
    resources?: unknown;
  };
}

export interface ServerlessFunction {
  environment?: Record<string, unknown>;
  reservedConcurrency?: number;
  maximumRetryAttempts?: number;
  events?: object[];
}
