import { type FileLimits, limitedChunks } from './limits.ts';
import { Supply } from './supply.ts';
import { BEGINNING_BYTES, packingOf, unpacked } from './unpack.ts';
import { UnusableFileError } from './unusable-file.ts';
import { entriesOf, isZip, ZIP_ARCHIVE } from './zip.ts';

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
export interface FilePart {
  /** Such as `CSV in gzip`. */
  kind: string;
  /** Its name, when the file may hold several. */
  name?: string;
  /** What it is taken out of, such as `gzip archive`. */
  archive?: string;
  chunks: AsyncIterable<Uint8Array>;
}

/**
 * The CSVs of a file, in order, by its content: itself, or what is in the archive that it is. Each has to be read before
 * the next. Nothing but a few chunks is in memory, whatever an archive expands to.
 * @throws UnusableFileError when the file is larger than it may be, packed or not, or an archive that cannot be unpacked
 */
export async function* partsOf(file: InputFile, limits: FileLimits): AsyncGenerator<FilePart> {
  const supply = new Supply(limitedChunks(await file.open(), limits));
  const beginning = await supply.peek(BEGINNING_BYTES);
  const packing = packingOf(beginning);
  if (isZip(beginning)) {
    yield* partsInZip(supply, limits);
  } else if (packing === undefined) {
    yield { kind: 'CSV', chunks: supply.rest() };
  } else {
    const { kind, archive } = packing;
    yield { kind, archive, chunks: limitedChunks(unpacked(supply, packing), limits, archive) };
  }
}

async function* partsInZip(supply: Supply, limits: FileLimits): AsyncGenerator<FilePart> {
  const count = { bytes: 0 };
  let isEmpty = true;
  for await (const { name, isWanted, chunks } of entriesOf(supply)) {
    const limited = limitedChunks(chunks, limits, ZIP_ARCHIVE, count);
    if (!isWanted) {
      for await (const _ of limited);
      continue;
    }
    isEmpty = false;
    yield { kind: `CSV in a ${ZIP_ARCHIVE}`, name, archive: ZIP_ARCHIVE, chunks: limited };
  }
  if (isEmpty) throw new UnusableFileError('empty: the ZIP archive holds no files');
}
