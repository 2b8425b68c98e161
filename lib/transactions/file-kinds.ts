import { UnusableFileError } from './unusable-file.ts';

const SAVE = 'save it as CSV in UTF-8 and upload that';
const UNPACK = 'unpack it and upload the CSV that is in it';

/** Files that are dropped by mistake or under a wrong name, by what they begin with. */
const KINDS: readonly { looksLike: string; begins: string; holds?: string; advice: string }[] = [
  { looksLike: 'an Excel workbook (.xlsx)', begins: 'PK\x03\x04', holds: '[Content_Types].xml', advice: SAVE },
  { looksLike: 'an OpenDocument file (.ods)', begins: 'PK\x03\x04', holds: 'mimetypeapplication/vnd.', advice: SAVE },
  { looksLike: 'a ZIP archive', begins: 'PK\x03\x04', advice: UNPACK },
  { looksLike: 'an empty ZIP archive', begins: 'PK\x05\x06', advice: UNPACK },
  { looksLike: 'an old Excel workbook (.xls)', begins: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', advice: SAVE },
  { looksLike: 'a gzip archive', begins: '\x1f\x8b', advice: UNPACK },
  { looksLike: 'a Zstandard archive', begins: '\x28\xb5\x2f\xfd', advice: UNPACK },
  { looksLike: 'a 7-Zip archive', begins: '7z\xbc\xaf\x27\x1c', advice: UNPACK },
  { looksLike: 'a PDF', begins: '%PDF-', advice: 'export the table as CSV in UTF-8 and upload that' },
  { looksLike: 'a PNG picture', begins: '\x89PNG', advice: 'upload the CSV itself' },
  { looksLike: 'a JPEG picture', begins: '\xff\xd8\xff', advice: 'upload the CSV itself' },
  { looksLike: 'a Parquet file', begins: 'PAR1', advice: SAVE },
  { looksLike: 'a SQLite database', begins: 'SQLite format 3\0', advice: SAVE },
];

/**
 * Refuses what no CSV begins with, by name, so that whoever dropped a workbook does not read of a missing header.
 * @throws UnusableFileError that says what the file looks like and what to do
 */
export function assertKnownKind(firstBlock: Buffer): void {
  const text = firstBlock.toString('latin1');
  const kind = KINDS.find(({ begins, holds = '' }) => text.startsWith(begins) && text.includes(holds));
  if (kind !== undefined) {
    throw new UnusableFileError(`not a CSV: the file looks like ${kind.looksLike}; ${kind.advice}`);
  }
  if (isUtf16WithoutMark(firstBlock)) {
    throw new UnusableFileError(
      'not UTF-8: the file looks like UTF-16 without a byte-order mark; save it as CSV in UTF-8, or with the mark',
    );
  }
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
