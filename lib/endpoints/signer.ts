import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { CredentialsError, type RequestHeaders } from './headers.ts';
import { Redactor } from './redactor.ts';

/** A POST that is about to be sent. */
export interface SignableRequest {
  url: URL;
  headers: RequestHeaders;
  body: string;
}

/** Says in a request's headers who sends it. */
export interface Signer {
  /** @returns the request's headers and those of the signature, for this attempt alone @throws CredentialsError */
  sign(request: SignableRequest): Promise<RequestHeaders>;
  /** A text without what is secret of the credentials: AWS quotes what it has been sent. */
  redact(text: string): string;
}

/** Who somebody is to AWS. */
type Identity = Awaited<ReturnType<ReturnType<typeof defaultProvider>>>;

export interface SignerOptions {
  /** As AWS signs for it. */
  service: string;
  /** Where it is, for addresses that do not say. */
  region?: string | undefined;
  /** Those of the function's role, or of whoever runs this, unless given. */
  credentials?: (() => Promise<Identity>) | undefined;
  clock?: () => Date;
}

class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret);
  }
}

/**
 * Signs by AWS's Signature Version 4, with AWS's own library.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class AwsSigner implements Signer {
  readonly #service: string;
  readonly #region: string | undefined;
  readonly #credentials: () => Promise<Identity>;
  readonly #clock: () => Date;
  readonly #redactor = new Redactor();
  #latest: Identity | undefined;

  constructor({ service, region, credentials = defaultProvider(), clock = () => new Date() }: SignerOptions) {
    this.#service = service;
    this.#region = region;
    this.#credentials = credentials;
    this.#clock = clock;
  }

  async sign({ url, headers, body }: SignableRequest): Promise<RequestHeaders> {
    const signature = new SignatureV4({
      service: this.#service,
      region: this.#regionOf(url),
      credentials: await this.#identity(),
      sha256: Sha256,
      // Only S3 asks for a header with it; it is a part of the signature in any case.
      applyChecksum: false,
    });
    const { protocol, hostname, pathname: path, host } = url;
    const request = {
      method: 'POST',
      protocol,
      hostname,
      path,
      query: queryOf(url),
      headers: { ...headers, host },
      body,
    };
    const signed = await signature.sign(request, { signingDate: this.#clock() });
    const { host: _, ...others } = signed.headers;
    return others;
  }

  redact(text: string): string {
    return this.#redactor.redact(text);
  }

  #regionOf({ hostname }: URL): string {
    const region = regionIn(hostname, this.#service) ?? this.#region;
    if (region !== undefined) return region;
    throw new CredentialsError('the request cannot be signed: neither its address nor AWS_REGION names a region');
  }

  async #identity(): Promise<Identity> {
    try {
      const identity = await this.#credentials();
      if (identity !== this.#latest) this.#keepSecret(identity);
      return identity;
    } catch (error) {
      throw new CredentialsError(`the request cannot be signed: ${error instanceof Error ? error.message : error}`);
    }
  }

  #keepSecret(identity: Identity): void {
    const { secretAccessKey, sessionToken = '' } = identity;
    this.#redactor.add({ secretAccessKey, sessionToken });
    this.#latest = identity;
  }
}

/** @example regionIn('runtime.sagemaker.eu-central-1.amazonaws.com', 'sagemaker') // eu-central-1 */
function regionIn(hostname: string, service: string): string | undefined {
  const parts = hostname.split('.');
  const region = parts[parts.indexOf(service) + 1];
  return parts.includes(service) && /\.amazonaws\.com(?:\.cn)?$/.test(hostname) ? region : undefined;
}

function queryOf(url: URL): Record<string, string[]> {
  return Object.fromEntries([...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]));
}
