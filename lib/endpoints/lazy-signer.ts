import type { RequestHeaders } from './headers.ts';
import type { SignableRequest, Signer } from './signer.ts';

/** A signer that is loaded when the first request wants it: most partners have no endpoint that does. */
class LazySigner implements Signer {
  readonly #load: () => Promise<Signer>;
  #loading: Promise<Signer> | undefined;
  #signer: Signer | undefined;

  constructor(load: () => Promise<Signer>) {
    this.#load = load;
  }

  async sign(request: SignableRequest): Promise<RequestHeaders> {
    this.#loading ??= this.#load();
    this.#signer = await this.#loading;
    return this.#signer.sign(request);
  }

  redact(text: string): string {
    return this.#signer?.redact(text) ?? text;
  }
}

/** Signs for SageMaker as whoever runs this, on AWS as the function's role. */
export function sageMakerSigner(environment: Readonly<Record<string, string | undefined>>): Signer {
  return new LazySigner(async () => {
    const { AwsSigner } = await import('./signer.ts');
    return new AwsSigner({ service: 'sagemaker', region: environment.AWS_REGION });
  });
}
