// What kinds of characters an id has, a bit for each.

export const LOWER = 1;
export const UPPER = 2;
export const CASES = LOWER | UPPER;
export const DIGIT = 4;
/** Any other character of ASCII. */
export const SIGN = 8;
/** Beyond ASCII. */
export const WIDE = 16;
/** U+FFFD, which stands for what could not be read. */
export const LOST = 32;
/** With what letters beyond ASCII begin when their UTF-8 is read as Windows-1252. */
export const MISREAD = 64;

/** Of each character of ASCII. */
const OF_ASCII = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  return /\d/.test(character) ? DIGIT : SIGN;
});

/** Ids are many, and each is gone through once. */
export function marksOf(id: string): number {
  let marks = 0;
  for (let at = 0; at < id.length; at++) {
    const code = id.charCodeAt(at);
    marks |= code < 128 ? (OF_ASCII[code] ?? 0) : marksBeyondAscii(code);
  }
  return marks;
}

function marksBeyondAscii(code: number): number {
  if (code === 0xfffd) return WIDE | LOST;
  return code === 0xc2 || code === 0xc3 || code === 0xe2 ? WIDE | MISREAD : WIDE;
}
