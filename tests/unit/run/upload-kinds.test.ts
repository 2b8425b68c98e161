import { closedFolder, shownSource, sourceName, startsRun, uploadKind } from '../../../lib/run/upload-kinds.ts';

describe('an object below uploads/', () => {
  it.each([
    ['uploads/acme/members.csv', 7],
    ['uploads/acme/members.Csv ', 7],
    ['uploads/acme/members', 0],
    ['uploads/acme/.csv/', 7],
    ['uploads/acme/members_$folder$', 7],
    ['uploads/acme/members.csv', undefined],
    ['uploads/part-0.csv', 7],
    ['uploads/acme/part-0.csv', 7],
    ['uploads/acme/_committed_7', 7],
    ['uploads/acme/january/members.csv', 7],
    ['uploads/acme/january/Part-0.csv', 7],
    ['uploads/acme/january/part-0/members.csv', 7],
    ['uploads/acme/january/part-0/', 7],
    ['uploads/acme/january/_SUCCESS.csv', 7],
    ['uploads/acme/january/_SUCCESS/', 7],
    ['uploads/acme/january/crc', 7],
    ['uploads/_temporary/members.csv', 7],
  ])('is a file: %j of %p bytes', (key, bytes) => {
    expect({ kind: uploadKind({ key, bytes }), startsRun: startsRun({ key, bytes }) }).toEqual({
      kind: 'file',
      startsRun: true,
    });
  });

  it.each([
    ['uploads/acme/january/part-0.csv', 7],
    ['uploads/acme/january/part-', 0],
    ['uploads/acme/2024/january/part-00000-4f2b-c000.csv.gz', 7],
    ['uploads/acme/january/part-0.parquet', undefined],
  ])('is a part: %j of %p bytes', (key, bytes) => {
    expect({ kind: uploadKind({ key, bytes }), startsRun: startsRun({ key, bytes }) }).toEqual({
      kind: 'part',
      startsRun: false,
    });
  });

  it.each([
    ['uploads/acme/january/_SUCCESS', 0, 'uploads/acme/january/'],
    ['uploads/acme/2024/january/_SUCCESS', 812, 'uploads/acme/2024/january/'],
    ['uploads/acme/_SUCCESS', 0, undefined],
    ['uploads/_SUCCESS', 0, undefined],
  ])('is the mark that closes a folder: %j of %p bytes closes %j', (key, bytes, folder) => {
    expect({ kind: uploadKind({ key, bytes }), startsRun: startsRun({ key, bytes }) }).toEqual({
      kind: 'mark',
      startsRun: true,
    });
    expect(closedFolder(key)).toBe(folder);
  });

  it.each([
    ['uploads/', 0],
    ['uploads/acme/', 0],
    ['uploads/acme/', undefined],
    ['uploads/acme/members.csv/', 0],
    ['uploads/acme/2024_$folder$', 0],
    ['uploads/acme/january/part-0_$folder$', 0],
    ['uploads/acme/january/_temporary/0/_temporary/attempt_202401311015_0001_m_000000_0/part-0.csv', 7],
    ['uploads/acme/_temporary/0/_SUCCESS', 0],
    ['uploads/acme/january/__magic_job-4f2b/job-1/tasks/attempt_1/__base/part-0.csv.pending', 7],
    ['uploads/acme/january/.spark-staging-4f2b/month=1/part-0.csv', 7],
    ['uploads/acme/january/_spark_metadata/0', 7],
    ['uploads/acme/january/_committed_8412', 7],
    ['uploads/acme/january/_started_8412', 0],
    ['uploads/acme/january/.part-0.csv.crc', 12],
    ['uploads/acme/january/._SUCCESS.crc', 8],
  ])('is nothing: %j of %p bytes', (key, bytes) => {
    expect({ kind: uploadKind({ key, bytes }), startsRun: startsRun({ key, bytes }) }).toEqual({
      kind: 'nothing',
      startsRun: false,
    });
  });
});

describe('where the rows of a run come from', () => {
  it.each([
    ['uploads/acme/members.csv', 'uploads/acme/members.csv', 'members.csv'],
    ['uploads/acme/january/_SUCCESS', 'uploads/acme/january/', 'january/'],
    ['uploads/acme/january/part-0.csv', 'uploads/acme/january/', 'january/'],
    ['uploads/acme/part-0.csv', 'uploads/acme/part-0.csv', 'part-0.csv'],
    ['uploads/acme/_SUCCESS', 'uploads/acme/_SUCCESS', '_SUCCESS'],
  ])('is shown: %j as %j, %j for short', (key, shown, name) => {
    expect([shownSource(key), sourceName(key)]).toEqual([shown, name]);
  });
});
