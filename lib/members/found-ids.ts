import { counted } from '../counted.ts';
import { excerpt } from '../excerpt.ts';
import type { InputCheck } from '../transactions/understood.ts';
import type { MemberAggregates } from './aggregates.ts';

/** What is looked at of members to doubt their ids. */
export type Members = Pick<MemberAggregates, 'has' | 'memberIds' | 'transactions'>;

const MAX_EXAMPLE_LENGTH = 60;
/** Those that look like the usual blank. */
const OTHER_BLANKS = /(?! )\p{Z}/gu;

/** Counts ids of the same kind. */
export class FoundIds {
  ids = 0;
  rows = 0;
  /** The first of them, and what it may be the same as. */
  #example = '';
  #other = '';

  add(id: string, rows: number, other = ''): void {
    if (this.ids === 0) [this.#example, this.#other] = [id, other];
    this.ids += 1;
    this.rows += rows;
  }

  get example(): string {
    return quoted(this.#example);
  }

  get other(): string {
    return quoted(this.#other);
  }

  /** @param verb of one and of several, with what follows */
  ofRows([one, several]: Verb): string {
    return `${counted(this.ids, 'id')} of ${counted(this.rows, 'row')} ${this.ids === 1 ? one : several}`;
  }
}

/** What is said of one, and of several. */
export type Verb = readonly [one: string, several: string];

/** An id as a message can show it, with what looks like a blank and is another character. */
export function quoted(id: string): string {
  return JSON.stringify(excerpt(id, MAX_EXAMPLE_LENGTH)).replace(
    OTHER_BLANKS,
    (blank) => `\\u${blank.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What somebody is told of ids. */
export function idCheck(count: string, advice: string): InputCheck[] {
  return [{ about: 'ids', count, advice }];
}
