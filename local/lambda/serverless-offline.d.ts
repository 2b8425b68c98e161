/** The part of serverless-offline that other plugins use; it comes without types. */
declare module 'serverless-offline/lambda' {
  /** One warm instance of a function. */
  export interface LambdaFunction {
    setEvent(event: unknown): void;
    runHandler(): Promise<unknown>;
    /** Ends its worker; the next invocation starts another. */
    cleanup(): Promise<void>;
  }

  export default class Lambda {
    constructor(serverless: unknown, options: Record<string, unknown>);
    create(functions: { functionKey: string; functionDefinition: unknown }[]): void;
    /** An idle instance, or a new one. */
    get(functionKey: string): LambdaFunction;
    cleanup(): Promise<void>;
  }
}
