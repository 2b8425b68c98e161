import { counted } from '../counted.ts';

/** Soft hyphens, zero-width characters, marks of the writing direction, and byte-order marks: nobody sees them. */
const INVISIBLE = /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;

/** Joiners beside ASCII, which they do nothing to. Between letters of other scripts, and in emoji, they are seen. */
const IDLE_JOINER = /(?<![^\p{ASCII}])[\u200C\u200D]+|[\u200C\u200D]+(?![^\p{ASCII}])/gu;

/** How often ids were not read as they stand. */
export interface IdChanges {
  /** Rows in whose id something was that nobody sees. */
  invisible: number;
  /** Rows in whose id accents were characters of their own. */
  decomposed: number;
}

/** A text without what nobody sees. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '').replace(IDLE_JOINER, '');
}

/** An id as a careful person reads it. @param changes in which is counted what is read otherwise than it stands */
export function readableId(id: string, changes?: IdChanges): string {
  const visible = withoutInvisible(id).trim();
  const composed = visible.normalize('NFC');
  if (changes !== undefined) {
    if (visible !== id) changes.invisible += 1;
    if (composed !== visible) changes.decomposed += 1;
  }
  return composed;
}

/** What was changed, a sentence each. @param title of the column */
export function idNotes({ invisible, decomposed }: IdChanges, title: string): string[] {
  const rows = (count: number) => `${title} of ${counted(count, 'row')}`;
  return [
    ...(invisible === 0
      ? []
      : [`Characters that are not shown, such as zero-width ones, were left out of the ${rows(invisible)}.`]),
    ...(decomposed === 0
      ? []
      : [`Letters and their accents were read as one character in the ${rows(decomposed)} (NFC).`]),
  ];
}
