import { assertKnownKind } from './file-kinds.ts';

/** Documents of office programs are ZIP archives themselves. What is in them tells them from archives of files. */
const OFFICE_OPEN_XML =
  /^(?:\[Content_Types\]\.xml|(?:_rels|docProps|docMetadata|customXml|xl|word|ppt)[/\\].*\.(?:xml|rels|bin|vml|jpe?g|png|gif|[ew]mf))$/i;
const OPEN_DOCUMENT = 'mimetype';
const NUMBERS = /^Index\/.*\.iwa$/;

/** Of `mimetype`, by which the kinds of documents are told. */
const ENOUGH_BYTES = 100;
const BEGINNING = 'PK\x03\x04';

/** Whether an entry of an archive shows that the archive is a document of Microsoft's programs, perhaps a workbook. */
export function isOfOffice(name: string): boolean {
  return OFFICE_OPEN_XML.test(name);
}

/** @throws UnusableFileError when an entry of an archive shows that the archive is a document of other programs */
export async function assertNoOtherDocument(name: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  if (NUMBERS.test(name)) assertKnownKind(Buffer.from(`${BEGINNING}Index/Document.iwa`, 'latin1'));
  if (name !== OPEN_DOCUMENT) return;
  let beginning = Buffer.from(`${BEGINNING}${OPEN_DOCUMENT}`, 'latin1');
  for await (const chunk of chunks) {
    beginning = Buffer.concat([beginning, chunk]);
    if (beginning.length > ENOUGH_BYTES) break;
  }
  assertKnownKind(beginning);
}

/** @throws UnusableFileError that says which document of Microsoft's programs has entries of these names */
export function refuseOffice(names: readonly string[]): never {
  assertKnownKind(Buffer.from(`${BEGINNING}${names.join('\n')}[Content_Types].xml`, 'latin1'));
  throw new Error('every such document is of a known kind');
}
