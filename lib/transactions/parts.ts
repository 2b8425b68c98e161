import { formatCount } from '../counted.ts';
import type { NamedColumns } from './columns.ts';
import { type BytesRead, type FileLimits, limitedChunks, MAX_PARTS } from './limits.ts';
import type { Rows } from './rows.ts';
import { Supply } from './supply.ts';
import type { Understood } from './understood.ts';
import { BEGINNING_BYTES, packingOf, unpacked } from './unpack.ts';
import { UnusableFileError } from './unusable-file.ts';
import { tableIn } from './workbook/excel-workbook.ts';
import { entriesOf, isZip, ZIP_ARCHIVE, type ZipEntry } from './zip.ts';
import { assertNoOtherDocument, isOfOffice, refuseOffice } from './zipped-documents.ts';

/** A file of transactions. */
export interface InputFile {
  /** As it can be shown, when it is one of several that are read as one. */
  name?: string;
  /** Opens it at its beginning. It may be opened again, when what was read does not tell how to read it. */
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** A file that has been opened already. @param again opens it once more */
export function openedFile(chunks: AsyncIterable<Uint8Array>, again: InputFile['open']): InputFile {
  let isTaken = false;
  const open = async () => {
    const isFirst = !isTaken;
    isTaken = true;
    return isFirst ? chunks : again();
  };
  return { open };
}

/** A CSV that a file is, or that is in it. */
export interface CsvPart {
  /** Such as `CSV in gzip`. */
  kind: string;
  /** Its name, when the file may hold several. */
  name?: string;
  /** What it is taken out of, such as `gzip archive`. */
  archive?: string;
  chunks: AsyncIterable<Uint8Array>;
}

/** The table in a workbook. */
export interface SheetPart {
  kind: string;
  name?: string;
  /** Its rows, the header first. @param understood in which is noted what was understood of the sheet */
  rows(understood: Understood): AsyncIterable<Rows>;
}

/** What holds rows: a CSV or a sheet. */
export type FilePart = CsvPart | SheetPart;

/** How the parts of a file are found. */
export interface PartsOptions {
  limits: FileLimits;
  /** By which a workbook's sheet is chosen. */
  columns: NamedColumns;
  /** What counts several files together, which may hold only as much as one. */
  together?: Together;
}

interface Together {
  packed: BytesRead;
  unpacked: BytesRead;
  /** Files, and in place of a ZIP archive what is in it. */
  parts: number;
}

/**
 * The CSVs of several files that are read as one, in order; see `partsOf`. A file with a name says it in the names of its
 * parts, and in what is wrong with it.
 */
export async function* partsOfAll(files: readonly InputFile[], options: PartsOptions): AsyncGenerator<FilePart> {
  const packed: BytesRead = { bytes: 0, of: 'the folder' };
  const unpacked: BytesRead = { bytes: 0, of: 'the folder, unpacked,' };
  const own = files.length > 1 ? { ...options, together: { packed, unpacked, parts: 0 } } : options;
  for (const file of files) yield* namedPartsOf(file, own);
}

async function* namedPartsOf(file: InputFile, options: PartsOptions): AsyncGenerator<FilePart> {
  const { name } = file;
  try {
    for await (const part of partsOf(file, options)) {
      yield name === undefined ? part : { ...part, name: part.name === undefined ? name : `${name}: ${part.name}` };
    }
  } catch (error) {
    throw inPart(name, error);
  }
}

/** An error that says of which part it is. */
export function inPart(name: string | undefined, error: unknown): unknown {
  return name !== undefined && error instanceof UnusableFileError
    ? new UnusableFileError(`in ${name}: ${error.message}`, { cause: error })
    : error;
}

/** @throws UnusableFileError when files have been read, and have nothing in them */
export function assertRows(
  files: readonly InputFile[],
  { hasHeader, rows }: { hasHeader: boolean; rows: number },
): void {
  if (rows > 0) return;
  const areParts = files.some(({ name }) => name !== undefined);
  if (!hasHeader)
    throw new UnusableFileError(`empty: the ${areParts ? 'parts hold' : 'file holds'} no header and no rows`);
  throw new UnusableFileError(
    `no rows: the ${areParts ? 'parts hold nothing but headers' : 'file holds nothing but a header'}`,
  );
}

/**
 * The CSVs of a file, in order, by its content: itself, or what is in the archive that it is. Each has to be read before
 * the next. Nothing but a few chunks is in memory, whatever an archive expands to. Of a workbook it is the sheet with the
 * table; the texts that its cells refer to are in memory.
 * @throws UnusableFileError when the file is larger than it may be, packed or not, or an archive that cannot be unpacked
 */
export async function* partsOf(file: InputFile, options: PartsOptions): AsyncGenerator<FilePart> {
  const { limits, together } = options;
  const supply = await supplyOf(file, limits, together?.packed);
  const beginning = await supply.peek(BEGINNING_BYTES);
  const packing = packingOf(beginning);
  if (isZip(beginning)) {
    yield* partsInZip(file, supply, options);
    return;
  }
  countPart(together);
  if (packing === undefined) {
    const chunks = supply.rest();
    yield { kind: 'CSV', chunks: together ? limitedChunks(chunks, limits, undefined, together.unpacked) : chunks };
  } else {
    const { kind, archive } = packing;
    yield { kind, archive, chunks: limitedChunks(unpacked(supply, packing), limits, archive, together?.unpacked) };
  }
}

/** @throws UnusableFileError when there are more parts than a report lists */
function countPart(together: Together | undefined): void {
  if (together === undefined) return;
  together.parts += 1;
  if (together.parts > MAX_PARTS) {
    throw new UnusableFileError(
      `too many parts: the folder holds, in its ZIP archives, more than the ${formatCount(MAX_PARTS)} files that are allowed; write fewer and larger ones`,
    );
  }
}

async function supplyOf(file: InputFile, limits: FileLimits, count?: BytesRead): Promise<Supply> {
  return new Supply(limitedChunks(await file.open(), limits, undefined, count));
}

async function* partsInZip(file: InputFile, supply: Supply, options: PartsOptions): AsyncGenerator<FilePart> {
  const entries = limitedEntries(supply, options.limits, ZIP_ARCHIVE, options.together?.unpacked);
  let isEmpty = true;
  for await (const entry of entries) {
    const { name, isWanted, chunks } = entry;
    countPart(options.together);
    if (isOfOffice(name) && isEmpty) {
      yield await sheetIn(file, entry, entries, options);
      return;
    }
    if (isOfOffice(name)) refuseOffice([name]);
    await assertNoOtherDocument(name, chunks);
    if (!isWanted) {
      for await (const _ of chunks);
      continue;
    }
    isEmpty = false;
    yield { kind: `CSV in a ${ZIP_ARCHIVE}`, name, archive: ZIP_ARCHIVE, chunks };
  }
  if (isEmpty) throw new UnusableFileError('empty: the ZIP archive holds no files');
}

/** What an archive holds, which is not more in all than a file may have. */
async function* limitedEntries(
  supply: Supply,
  limits: FileLimits,
  archive: string,
  count: BytesRead = { bytes: 0 },
): AsyncGenerator<ZipEntry> {
  for await (const entry of entriesOf(supply)) {
    yield { ...entry, chunks: limitedChunks(entry.chunks, limits, archive, count) };
  }
}

const WORKBOOK = 'Excel workbook';

/** @param first its first entry @param others those after it */
async function sheetIn(
  file: InputFile,
  first: ZipEntry,
  others: AsyncGenerator<ZipEntry>,
  options: PartsOptions,
): Promise<SheetPart> {
  const names: string[] = [];
  const all = async function* () {
    names.push(first.name);
    yield first;
    for await (const entry of others) {
      names.push(entry.name);
      yield entry;
    }
  };
  const table = await tableIn(all(), options);
  if (table === undefined) return refuseOffice(names);
  // It has been counted by now.
  const again = async function* () {
    yield* limitedEntries(await supplyOf(file, options.limits), options.limits, WORKBOOK);
  };
  return {
    kind: `${WORKBOOK}, sheet ${JSON.stringify(table.sheet)}`,
    rows: (understood) => table.rows(again(), understood),
  };
}
