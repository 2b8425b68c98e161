/** A row of a request: what one member is told by, numbers under the names that the service has for them. */
export type Row = Readonly<Record<string, number | undefined>>;

/** Fields by name and places in lists by number, from 0, from the outside in. */
export type Take = string | number | readonly (string | number)[];

/** What a partner file may say of a protocol, besides its name and layout. */
export interface ProtocolOptions {
  /** Of the tensors that are sent. */
  datatype?: string | undefined;
  /** The name of the one tensor that holds all features. */
  tensor?: string | undefined;
  /** Where a row's value is in its part of an answer, see `valueAt`. A protocol may look at it to find that part. */
  take?: Take | undefined;
}

/** What only some protocols have a use for. */
export type MannerKey = 'datatype' | 'tensor';

/** What a server says of a request that it has not fulfilled. */
export interface ServerError {
  /** The HTTP status that it amounts to, which may be another one than that of the answer. */
  status: number;
  /** In the server's words. */
  text: string;
}

/** Of an answer. */
export type ErrorHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** How rows become a request, and an answer the rows' values. */
export interface Protocol {
  /** Of a request. */
  readonly headers: Readonly<Record<'content-type' | 'accept', string>>;
  /** Whether a row's value always stands in an object, under the name of what it is. */
  readonly isNamed: boolean;
  /**
   * The body of a request.
   *
   * @param rows at least one, all with the same names in the same order
   * @throws UnsendableRowsError
   */
  encode(rows: readonly Row[]): string;
  /**
   * The rows' values in the order of the request, each as it came. Their number is the server's: it need not be that of the
   * rows.
   *
   * @param example a usable answer, for messages
   * @param rows of the request, for servers whose answers to one and to several look the same
   * @throws UnusableAnswerError when it is no such answer
   */
  decode(text: string, example: string, rows?: number): readonly unknown[];
  /** An answer to one row, for people. @param value of the row, as it stands in the answer */
  example(value: string): string;
  /**
   * What an answer that is not 2xx says.
   *
   * @param headers by lower-case name
   * @returns undefined when that is what its status and its body say
   */
  errorIn?(status: number, text: string, headers?: ErrorHeaders): ServerError | undefined;
}

/** One way in which a protocol has rows. */
export interface Layout {
  /** Rows per request, unless the partner file says otherwise. */
  readonly rows: number;
  /** Whether a request cannot have more than one. */
  readonly isSingle?: boolean;
  /** What must be said besides. */
  readonly needs?: readonly MannerKey[];
  of(options: ProtocolOptions): Protocol;
}

/** A protocol, as a partner file can choose it. */
export interface ProtocolKind {
  /** By their names in partner files; the first counts unless another is named. */
  readonly layouts: Readonly<Record<string, Layout>>;
  /** What may be said besides, in every layout. */
  readonly keys: readonly MannerKey[];
  /** Whether requests are signed with the credentials of whoever sends them, as AWS's are. */
  readonly isSigned?: boolean;
}

/** Rows and bytes of a request that stay under the limits of all servers that are known; see docs/endpoints.md. */
export const USUAL_ROWS = 200;
export const USUAL_BYTES = 1_000_000;

/** An answer, or a row's part of it, that cannot be used; the message says what it is instead, and
 * quotes nothing of it but names of fields. */
export class UnusableAnswerError extends Error {
  override readonly name = 'UnusableAnswerError';
  /** Whether the server speaks as agreed, so that what it answers to other rows, or to fewer, may be usable. */
  readonly isOfRows: boolean;

  constructor(message: string, { cause, isOfRows = false }: { cause?: unknown; isOfRows?: boolean } = {}) {
    super(message, { cause });
    this.isOfRows = isOfRows;
  }
}

/** Rows that cannot be put into a request, so that nothing is sent; others, or fewer of them, may be. */
export class UnsendableRowsError extends Error {
  override readonly name = 'UnsendableRowsError';
}
