import type { NamedColumns } from './columns.ts';
import { type FileLimits, limitedChunks } from './limits.ts';
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
}

/**
 * The CSVs of a file, in order, by its content: itself, or what is in the archive that it is. Each has to be read before
 * the next. Nothing but a few chunks is in memory, whatever an archive expands to. Of a workbook it is the sheet with the
 * table; the texts that its cells refer to are in memory.
 * @throws UnusableFileError when the file is larger than it may be, packed or not, or an archive that cannot be unpacked
 */
export async function* partsOf(file: InputFile, options: PartsOptions): AsyncGenerator<FilePart> {
  const { limits } = options;
  const supply = await supplyOf(file, limits);
  const beginning = await supply.peek(BEGINNING_BYTES);
  const packing = packingOf(beginning);
  if (isZip(beginning)) {
    yield* partsInZip(file, supply, options);
  } else if (packing === undefined) {
    yield { kind: 'CSV', chunks: supply.rest() };
  } else {
    const { kind, archive } = packing;
    yield { kind, archive, chunks: limitedChunks(unpacked(supply, packing), limits, archive) };
  }
}

async function supplyOf(file: InputFile, limits: FileLimits): Promise<Supply> {
  return new Supply(limitedChunks(await file.open(), limits));
}

async function* partsInZip(file: InputFile, supply: Supply, options: PartsOptions): AsyncGenerator<FilePart> {
  const entries = limitedEntries(supply, options.limits, ZIP_ARCHIVE);
  let isEmpty = true;
  for await (const entry of entries) {
    const { name, isWanted, chunks } = entry;
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
async function* limitedEntries(supply: Supply, limits: FileLimits, archive: string): AsyncGenerator<ZipEntry> {
  const count = { bytes: 0 };
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
  const again = async function* () {
    yield* limitedEntries(await supplyOf(file, options.limits), options.limits, WORKBOOK);
  };
  return {
    kind: `${WORKBOOK}, sheet ${JSON.stringify(table.sheet)}`,
    rows: (understood) => table.rows(again(), understood),
  };
}
