import * as z from 'zod';
import { parsedOrNot } from './json-answer.ts';

/** What a server answers when it is asked about itself. */
export interface SelfAnswer {
  status: number;
  text: string;
}

/** An input or an output of a model, as its server describes it. */
export interface ToldTensor {
  name: string;
  datatype: string;
  /** Rows first; -1 stands for any number. Undefined where that is not told. */
  shape: readonly number[] | undefined;
}

/** What a server tells of itself. All of it is empty where it tells nothing. */
export interface SelfDescription {
  /** For people, such as `ready`. */
  says: readonly string[];
  inputs: readonly ToldTensor[];
  outputs: readonly ToldTensor[];
}

/** What servers of a protocol can be asked about themselves. */
export interface SelfDescriber {
  /**
   * What is to be asked for, by GET; nothing where an address is of another form than theirs.
   *
   * @param path of the address that rows are sent to
   */
  paths(path: string): readonly string[];
  /** @param answers to these, in their order; undefined where there was none */
  read(answers: readonly (SelfAnswer | undefined)[]): SelfDescription;
}

export const TELLS_NOTHING: SelfDescription = { says: [], inputs: [], outputs: [] };

/** What a successful answer says in JSON of such a shape; undefined when it is another answer. */
export function readSelfAnswer<T>(schema: z.ZodType<T>, answer: SelfAnswer | undefined): T | undefined {
  return isSuccess(answer) ? schema.safeParse(parsedOrNot(answer.text)).data : undefined;
}

export function isSuccess(answer: SelfAnswer | undefined): answer is SelfAnswer {
  return answer !== undefined && answer.status >= 200 && answer.status <= 299;
}

/** As servers write that, also those of Python. */
export const yesOrNo = z.union([z.boolean(), z.string().transform((text) => text.toLowerCase() === 'true')]);
