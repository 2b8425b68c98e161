/** A text as a message can quote it: its beginning, and a mark where it goes on. */
export function excerpt(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
