/** A text as a message can quote it: its beginning, and a mark where it goes on. */
export function excerpt(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
