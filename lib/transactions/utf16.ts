const UNIT_BYTES = 2;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A byte that no UTF-8 has, so that what could not be decoded is found like any other byte that is not text. */
const UNDECODABLE = Buffer.of(0xff);

/** Turns UTF-16 into UTF-8, wherever it is cut. What is no character becomes a byte that is not UTF-8. */
export class Utf16Decoder {
  readonly #isBigEndian: boolean;
  /** The beginning of a character whose end has not arrived. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian;
  }

  decode(bytes: Buffer): Buffer {
    const all = Buffer.concat([this.#rest, bytes]);
    const whole = all.length - (all.length % UNIT_BYTES);
    // Of its own, because a character's end that is held back must keep its order of bytes.
    const units = Buffer.from(all.subarray(0, whole));
    if (this.#isBigEndian) units.swap16();
    const isCutInPair = whole > 0 && isHighSurrogate(units.readUInt16LE(whole - UNIT_BYTES));
    const end = isCutInPair ? whole - UNIT_BYTES : whole;
    this.#rest = all.subarray(end);
    return utf8(units.toString('utf16le', 0, end));
  }

  /** What is left when the file has ended: half a character. */
  end(): Buffer {
    return this.#rest.length > 0 ? UNDECODABLE : this.#rest;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function utf8(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts = text.split(LONE_SURROGATE).map((part) => Buffer.from(part));
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [UNDECODABLE, part])));
}
