import { assertKnownKind } from '../../../lib/transactions/file-kinds.ts';

const check = (text: string) => () => assertKnownKind(Buffer.from(text, 'latin1'));

const SAVE = 'save it as CSV in UTF-8 and upload that';
const XLSX = 'save it as .xlsx, or as CSV in UTF-8, and upload that';
const EXPORT = 'export the table as CSV in UTF-8 and upload that';
const UNPACK = 'unpack it and upload the CSV that is in it';

describe('a file that is no CSV', () => {
  it.each([
    ['PK\x03\x04..[Content_Types].xml', 'an Excel workbook (.xlsx)', 'upload the workbook itself, as Excel saves it'],
    ['PK\x03\x04..[Content_Types].xml xl/workbook.bin', 'a binary Excel workbook (.xlsb)', XLSX],
    ['PK\x03\x04..[Content_Types].xml ppt/', 'a PowerPoint document (.pptx)', EXPORT],
    ['PK\x03\x04..mimetypeapplication/vnd.oasis', 'an OpenDocument file (.ods)', XLSX],
    ['PK\x03\x04', 'a ZIP archive', UNPACK],
    ['PK\x05\x06', 'an empty ZIP archive', UNPACK],
    [
      '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
      'an old Excel workbook (.xls), or one with a password',
      'save it as .xlsx without a password',
    ],
    ['PK\x03\x04..[Content_Types].xml word/', 'a Word document (.docx)', EXPORT],
    ['PK\x03\x04..Index/Document.iwa', 'a Numbers document (.numbers)', XLSX],
    ['BZh91AY&SY', 'a bzip2 archive', UNPACK],
    ['\xfd7zXZ\0', 'an xz archive', UNPACK],
    ['\x04\x22\x4d\x18', 'an LZ4 archive', UNPACK],
    ['Rar!\x1a\x07', 'a RAR archive', UNPACK],
    [`members.csv${'\0'.repeat(246)}ustar`, 'a tar archive', UNPACK],
    ['{\\rtf1', 'a document in RTF', EXPORT],
    ['GIF89a', 'a GIF picture', 'upload the CSV itself'],
    ['RIFF\x10\0\0\0WEBPVP8', 'a WebP picture', 'upload the CSV itself'],
    ['II\x2a\0', 'a TIFF picture', 'upload the CSV itself'],
    ['ORC\x0a\x0b', 'an ORC file', SAVE],
    ['Obj\x01', 'an Avro file', SAVE],
    ['ARROW1\0\0', 'an Arrow or Feather file', SAVE],
    ['-----BEGIN PGP MESSAGE-----', 'an encrypted message (PGP)', 'decrypt it and upload the CSV'],
    ['<!DOCTYPE html><title>Sign in', 'a web page (HTML)', 'it may be the page of an error or of a sign-in'],
    ['\n <!-- saved --> <html>', 'a web page (HTML)', 'it may be the page of an error or of a sign-in'],
    ['<?xml version="1.0"?><Workbook>', 'an XML document', SAVE],
    ['{"MEMBER_ID": "A"}', 'JSON', SAVE],
    ['[ {\n"MEMBER_ID": "A"}]', 'JSON', SAVE],
    ['[["MEMBER_ID"]]', 'JSON', SAVE],
    ['{}', 'JSON', SAVE],
    ['\x1f\x8b', 'a gzip archive', UNPACK],
    ['\x28\xb5\x2f\xfd', 'a Zstandard archive', UNPACK],
    ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive', UNPACK],
    ['%PDF-', 'a PDF', EXPORT],
    ['\x89PNG', 'a PNG picture', 'upload the CSV itself'],
    ['\xff\xd8\xff', 'a JPEG picture', 'upload the CSV itself'],
    ['PAR1', 'a Parquet file', SAVE],
    ['SQLite format 3\0', 'a SQLite database', SAVE],
  ])('is refused by how it begins, %j, as %s', (beginning, name, advice) => {
    expect(check(`${beginning}...`)).toThrow(`not a CSV: the file looks like ${name}; ${advice}`);
  });

  it.each(['[Content_Types].xml', 'mimetypeapplication/vnd.', '%PDF-', 'PK'])('is not one that holds %s', (text) => {
    expect(check(`MEMBER_ID\n${text}\n`)).not.toThrow();
  });
});

it.each([
  '[MEMBER_ID],[LAST_TRANSACTION_TS]',
  '{MEMBER_ID},LAST',
  'ORCHARD,MEMBER_ID',
  'Object,MEMBER_ID',
  '<MEMBER_ID>,x',
  'BZh,MEMBER_ID',
  'RIFF,MEMBER_ID',
])('a CSV may begin as %s', (beginning) => {
  expect(check(`${beginning}\n1,2\n`)).not.toThrow();
});

it('what was taken out of an archive is called so', () => {
  expect(() => assertKnownKind(Buffer.from('%PDF-1.7'), 'gzip archive')).toThrow(
    'not a CSV: what is in the gzip archive looks like a PDF; ',
  );
});

describe('UTF-16 without a mark', () => {
  it.each(['M\0E\0M', '\0M\0E'])('is what begins as %j', (text) => {
    expect(check(text)).toThrow(/^not UTF-8: the file looks like UTF-16 without a byte-order mark/);
  });

  it.each(['ME\0\0', '\0\0\0\0', 'M\0EM', '\0MEM', 'MEM\0', 'ME', ''])('is not what begins as %j', (text) => {
    expect(check(text)).not.toThrow();
  });
});
