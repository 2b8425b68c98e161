import { UnusableFileError } from './unusable-file.ts';

const SAVE = 'save it as CSV in UTF-8 and upload that';
const XLSX = 'save it as .xlsx, or as CSV in UTF-8, and upload that';
const UNLOCKED_XLSX = 'save it as .xlsx without a password, or as CSV in UTF-8, and upload that';
const ITSELF = 'upload the workbook itself, as Excel saves it';
const UNPACK = 'unpack it and upload the CSV that is in it';
const EXPORT = 'export the table as CSV in UTF-8 and upload that';
const CSV_ITSELF = 'upload the CSV itself';
const PAGE =
  'it may be the page of an error or of a sign-in that was saved instead of the file; download the CSV again and upload that';

/** What files of a kind begin with. */
interface Kind {
  looksLike: string;
  begins: string | RegExp;
  /** Where the beginning is, when it is not the first byte. */
  at?: number;
  holds?: string;
  advice: string;
}

/** Files that are dropped by mistake or under a wrong name. */
const KINDS: readonly Kind[] = [
  { looksLike: 'a Word document (.docx)', begins: 'PK\x03\x04', holds: 'word/', advice: EXPORT },
  { looksLike: 'a PowerPoint document (.pptx)', begins: 'PK\x03\x04', holds: 'ppt/', advice: EXPORT },
  { looksLike: 'a binary Excel workbook (.xlsb)', begins: 'PK\x03\x04', holds: 'xl/workbook.bin', advice: XLSX },
  { looksLike: 'an Excel workbook (.xlsx)', begins: 'PK\x03\x04', holds: '[Content_Types].xml', advice: ITSELF },
  { looksLike: 'an OpenDocument file (.ods)', begins: 'PK\x03\x04', holds: 'mimetypeapplication/vnd.', advice: XLSX },
  { looksLike: 'a Numbers document (.numbers)', begins: 'PK\x03\x04', holds: 'Index/Document.iwa', advice: XLSX },
  { looksLike: 'a ZIP archive', begins: 'PK\x03\x04', advice: UNPACK },
  { looksLike: 'a part of a ZIP archive', begins: 'PK\x07\x08', advice: UNPACK },
  { looksLike: 'an empty ZIP archive', begins: 'PK\x05\x06', advice: UNPACK },
  {
    looksLike: 'an old Excel workbook (.xls), or one with a password',
    begins: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    advice: UNLOCKED_XLSX,
  },
  { looksLike: 'a gzip archive', begins: '\x1f\x8b', advice: UNPACK },
  { looksLike: 'a Zstandard archive', begins: '\x28\xb5\x2f\xfd', advice: UNPACK },
  { looksLike: 'a 7-Zip archive', begins: '7z\xbc\xaf\x27\x1c', advice: UNPACK },
  { looksLike: 'a bzip2 archive', begins: /^BZh[1-9]1AY&SY/, advice: UNPACK },
  { looksLike: 'an xz archive', begins: '\xfd7zXZ\0', advice: UNPACK },
  { looksLike: 'an LZ4 archive', begins: '\x04\x22\x4d\x18', advice: UNPACK },
  { looksLike: 'a RAR archive', begins: 'Rar!\x1a\x07', advice: UNPACK },
  { looksLike: 'a tar archive', begins: 'ustar', at: 257, advice: UNPACK },
  { looksLike: 'a PDF', begins: '%PDF-', advice: EXPORT },
  { looksLike: 'a document in RTF', begins: '{\\rtf', advice: EXPORT },
  { looksLike: 'a PNG picture', begins: '\x89PNG', advice: CSV_ITSELF },
  { looksLike: 'a JPEG picture', begins: '\xff\xd8\xff', advice: CSV_ITSELF },
  { looksLike: 'a GIF picture', begins: /^GIF8[79]a/, advice: CSV_ITSELF },
  { looksLike: 'a WebP picture', begins: /^RIFF[\s\S]{4}WEBP/, advice: CSV_ITSELF },
  { looksLike: 'a TIFF picture', begins: /^(?:II\x2a\0|MM\0\x2a)/, advice: CSV_ITSELF },
  { looksLike: 'a Parquet file', begins: 'PAR1', advice: SAVE },
  { looksLike: 'an ORC file', begins: /^ORC[^ -~]/, advice: SAVE },
  { looksLike: 'an Avro file', begins: 'Obj\x01', advice: SAVE },
  { looksLike: 'an Arrow or Feather file', begins: /^(?:ARROW1\0|FEA1)/, advice: SAVE },
  { looksLike: 'a SQLite database', begins: 'SQLite format 3\0', advice: SAVE },
  { looksLike: 'an encrypted message (PGP)', begins: '-----BEGIN PGP ', advice: 'decrypt it and upload the CSV' },
  {
    looksLike: 'a web page (HTML)',
    begins: /^\s*(?:<!--[\s\S]*?-->\s*)?<(?:!doctype html|html|head|body|table)\b/i,
    advice: PAGE,
  },
  { looksLike: 'an XML document', begins: /^\s*<\?xml\b/i, advice: SAVE },
  // A header may stand in brackets, but its columns are no list and no object.
  { looksLike: 'JSON', begins: /^\s*(?:\[\s*)?(?:\{\s*["}]|\[\s*["[{\]])/, advice: SAVE },
];

/**
 * Refuses what no CSV begins with, by name, so that whoever dropped a workbook does not read of a missing header.
 * @param archive what the file was taken out of, such as `gzip archive`
 * @throws UnusableFileError that says what the file looks like and what to do
 */
export function assertKnownKind(firstBlock: Buffer, archive?: string): void {
  const text = firstBlock.toString('latin1');
  const kind = KINDS.find((candidate) => isOf(candidate, text));
  const file = archive === undefined ? 'the file' : `what is in the ${archive}`;
  if (kind !== undefined) {
    throw new UnusableFileError(`not a CSV: ${file} looks like ${kind.looksLike}; ${kind.advice}`);
  }
  if (isUtf16WithoutMark(firstBlock)) {
    throw new UnusableFileError(
      `not UTF-8: ${file} looks like UTF-16 without a byte-order mark; save it as CSV in UTF-8, or with the mark, or set encoding: UTF-16 in the partner file`,
    );
  }
}

function isOf({ begins, at = 0, holds = '' }: Kind, text: string): boolean {
  const isBeginning = typeof begins === 'string' ? text.startsWith(begins, at) : begins.test(text);
  return isBeginning && text.includes(holds);
}

/** A file that names columns begins with letters; in UTF-16 every other byte of those is 0. */
function isUtf16WithoutMark(bytes: Buffer): boolean {
  const isZero = [0, 1, 2, 3].map((position) => bytes[position] === 0);
  return isZero[0] === isZero[2] && isZero[1] === isZero[3] && isZero[0] !== isZero[1];
}

/** What is said of a file that holds NUL bytes where the header should be. */
export function notText(): UnusableFileError {
  return new UnusableFileError(
    `not text: the file holds NUL bytes, as pictures, archives and spreadsheets do; ${SAVE}`,
  );
}
