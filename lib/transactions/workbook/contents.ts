import { posix } from 'node:path';
import { excerpt } from '../../excerpt.ts';
import { HEADER_WITHIN_LINES } from '../columns.ts';
import { assertWorkbook, type FileLimits } from '../limits.ts';
import { ownCopy } from './cell-text.ts';
import { damagedWorkbook } from './damaged-workbook.ts';
import { SharedStrings } from './shared-strings.ts';
import { SheetReader, type StoredRow } from './sheet-reader.ts';
import { Styles } from './styles.ts';
import { type Attributes, attributeOf, isTrue, XmlReader, type XmlSink } from './xml-reader.ts';

/** A file in a workbook, which is a ZIP archive of XML documents. */
export interface WorkbookPart {
  name: string;
  chunks: AsyncIterable<Buffer>;
}

/** A sheet with rows of cells. */
export interface WorkbookSheet {
  /** As its tab is called. */
  name: string;
  isHidden: boolean;
  /** The file in the workbook that it is. */
  part: string;
  /** Its first rows that hold anything, among which the header is. */
  head: readonly StoredRow[];
}

/** What a workbook holds besides the rows of its sheets. */
export interface Contents {
  /** In the order of their tabs. */
  sheets: readonly WorkbookSheet[];
  strings: SharedStrings;
  styles: Styles;
  isSince1904: boolean;
}

/**
 * Finds out what is in a workbook. What a document is, its first element says, because programs call them as they like.
 * @returns undefined when it is no workbook of the usual kind
 * @throws UnusableFileError when a document of it cannot be read, or needs more memory than it may
 */
export async function contentsOf(
  parts: AsyncIterable<WorkbookPart>,
  limits: FileLimits,
): Promise<Contents | undefined> {
  const documents = new Documents(limits);
  for await (const { name, chunks } of parts) {
    if (/\.(?:xml|rels)$/i.test(name) && !BESIDE.test(name)) await documents.read(name, chunks);
    else for await (const _ of chunks);
  }
  return documents.contents();
}

/** What others than the workbook's program have put in, in any encoding, and what describes the file. */
const BESIDE = /(?:^|[/\\])(?:customXml|docProps|docMetadata)[/\\]/i;

/** A name as it is compared: programs write it in other cases, and with other slashes. */
export function partName(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\//, '').toLowerCase();
}

/** What a cell takes besides its text. */
const CELL_BYTES = 120;

function bytesOf({ cells }: StoredRow): number {
  return cells.reduce((bytes, { value = '' }) => bytes + CELL_BYTES + 2 * value.length, 0);
}

/** The documents of a workbook, as far as they have been read. */
class Documents {
  readonly #limits: FileLimits;
  readonly #strings: SharedStrings;
  readonly #styles = new Styles();
  readonly #heads = new Map<string, readonly StoredRow[]>();
  readonly #relations = new Map<string, Relations>();
  readonly #directory = new Directory();
  #directoryName: string | undefined;
  #headBytes = 0;

  constructor(limits: FileLimits) {
    this.#limits = limits;
    this.#strings = new SharedStrings(limits);
  }

  async read(name: string, chunks: AsyncIterable<Buffer>): Promise<void> {
    const document = new Document((root) => this.#sinkOf(root, name));
    const reader = new XmlReader(name, document);
    for await (const chunk of chunks) {
      if (document.isOfUse) reader.write(chunk);
      const { sink } = document;
      if (sink instanceof SheetReader && this.#takeHead(partName(name), sink)) document.close();
    }
    // A document without any element is none that is needed.
    if (document.sink !== undefined && document.isOfUse) reader.end();
    if (document.sink instanceof SheetReader) this.#takeHead(partName(name), document.sink);
  }

  /** What takes a document with this first element; undefined for one that is not needed. */
  #sinkOf(root: string, name: string): XmlSink | undefined {
    switch (root) {
      case 'workbook':
        this.#directoryName ??= partName(name);
        return this.#directory;
      case 'Relationships': {
        const relations = new Relations();
        this.#relations.set(partName(name), relations);
        return relations;
      }
      case 'sst':
        return this.#strings;
      case 'styleSheet':
        return this.#styles;
      case 'worksheet':
        return new SheetReader(name, this.#limits);
      default:
        return undefined;
    }
  }

  /** @returns whether a sheet's first rows have been read */
  #takeHead(name: string, reader: SheetReader): boolean {
    const known = this.#heads.get(name) ?? [];
    const more = reader.take().slice(0, HEADER_WITHIN_LINES - known.length);
    this.#headBytes += more.reduce((bytes, row) => bytes + bytesOf(row), 0);
    assertWorkbook(this.#headBytes + this.#strings.bytes, this.#limits);
    this.#heads.set(name, [...known, ...more]);
    return known.length + more.length === HEADER_WITHIN_LINES;
  }

  contents(): Contents | undefined {
    const name = this.#directoryName;
    if (name === undefined) return undefined;
    const folder = posix.dirname(name);
    const relations = this.#relations.get(posix.join(folder, '_rels', `${posix.basename(name)}.rels`));
    if (relations === undefined) throw damagedWorkbook('its list of sheets');
    const parts = new Set<string>();
    const sheets = this.#directory.sheets.flatMap(({ relation, ...sheet }) => {
      const target = relations.targets.get(relation);
      // A chart or a macro has a tab, too.
      if (target === undefined) return [];
      const part = partName(target.startsWith('/') ? target : posix.join(folder, target));
      const head = this.#heads.get(part);
      if (head === undefined || parts.has(part)) throw damagedWorkbook(target);
      parts.add(part);
      return [{ ...sheet, part, head }];
    });
    return {
      sheets,
      strings: this.#strings,
      styles: this.#styles,
      isSince1904: this.#directory.isSince1904,
    };
  }
}

/** Hands a document on to what takes those that begin as it does. */
class Document implements XmlSink {
  readonly #sinkOf: (root: string) => XmlSink | undefined;
  sink: XmlSink | undefined;
  /** Whether the rest of it is to be read. */
  isOfUse = true;

  constructor(sinkOf: (root: string) => XmlSink | undefined) {
    this.#sinkOf = sinkOf;
  }

  close(name?: string): void {
    if (name === undefined) this.isOfUse = false;
    else this.sink?.close(name);
  }

  open(name: string, attributes: Attributes): void {
    if (this.sink === undefined && this.isOfUse) {
      this.sink = this.#sinkOf(name);
      this.isOfUse = this.sink !== undefined;
    }
    this.sink?.open(name, attributes);
  }

  text(text: string): void {
    this.sink?.text(text);
  }
}

/** Longer than Excel takes for a name, 31 characters, and for a file. */
const MAX_NAME_LENGTH = 100;
const MAX_TARGET_LENGTH = 1024;
/** More than any workbook has, and few enough to be kept. */
const MAX_SHEETS = 10_000;

/** The sheets of a workbook by their tabs: `xl/workbook.xml`. */
class Directory implements XmlSink {
  readonly sheets: { name: string; isHidden: boolean; relation: string }[] = [];
  isSince1904 = false;

  open(element: string, attributes: Attributes): void {
    const { name = '', state = 'visible', date1904 } = attributes;
    if (element === 'workbookPr') this.isSince1904 = isTrue(date1904);
    if (element !== 'sheet') return;
    if (this.sheets.length === MAX_SHEETS) throw damagedWorkbook('its list of sheets');
    this.sheets.push({
      name: ownCopy(excerpt(name, MAX_NAME_LENGTH)),
      isHidden: state !== 'visible',
      relation: idOf(attributeOf(attributes, 'id')),
    });
  }

  text(): void {}

  close(): void {}
}

/** Which files the references of a document mean: `xl/_rels/workbook.xml.rels`. */
class Relations implements XmlSink {
  readonly targets = new Map<string, string>();

  open(_: string, { Id, Target, Type = '' }: Attributes): void {
    // Each link to a web page is a reference as well.
    if (Target === undefined || Target.length > MAX_TARGET_LENGTH || !Type.endsWith('/worksheet')) return;
    if (this.targets.size === MAX_SHEETS) throw damagedWorkbook('its list of files');
    this.targets.set(idOf(Id), ownCopy(Target));
  }

  text(): void {}

  close(): void {}
}

/** The id of a reference, as far as it is kept. */
function idOf(id = ''): string {
  return ownCopy(excerpt(id, MAX_NAME_LENGTH));
}
