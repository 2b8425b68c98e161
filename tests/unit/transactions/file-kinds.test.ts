import { assertKnownKind } from '../../../lib/transactions/file-kinds.ts';

const check = (text: string) => () => assertKnownKind(Buffer.from(text, 'latin1'));

const SAVE = 'save it as CSV in UTF-8 and upload that';
const UNPACK = 'unpack it and upload the CSV that is in it';

describe('a file that is no CSV', () => {
  it.each([
    ['PK\x03\x04..[Content_Types].xml', 'an Excel workbook (.xlsx)', SAVE],
    ['PK\x03\x04..mimetypeapplication/vnd.oasis', 'an OpenDocument file (.ods)', SAVE],
    ['PK\x03\x04', 'a ZIP archive', UNPACK],
    ['PK\x05\x06', 'an empty ZIP archive', UNPACK],
    ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Excel workbook (.xls)', SAVE],
    ['\x1f\x8b', 'a gzip archive', UNPACK],
    ['\x28\xb5\x2f\xfd', 'a Zstandard archive', UNPACK],
    ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive', UNPACK],
    ['%PDF-', 'a PDF', 'export the table as CSV in UTF-8 and upload that'],
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

describe('UTF-16 without a mark', () => {
  it.each(['M\0E\0M', '\0M\0E'])('is what begins as %j', (text) => {
    expect(check(text)).toThrow(/^not UTF-8: the file looks like UTF-16 without a byte-order mark/);
  });

  it.each(['ME\0\0', '\0\0\0\0', 'M\0EM', '\0MEM', 'MEM\0', 'ME', ''])('is not what begins as %j', (text) => {
    expect(check(text)).not.toThrow();
  });
});
