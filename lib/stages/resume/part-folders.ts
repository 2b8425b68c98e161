import { folderOf, uploadKind } from '../../run/upload-kinds.ts';
import type { ListedObject } from '../../storage/bucket.ts';

/** What a listing of uploads has of a folder. */
export interface PartFolder {
  /** Such as `uploads/acme/january/`. */
  folder: string;
  /** In the order of their keys. */
  parts: ListedObject[];
  mark?: ListedObject;
}

/** Gathers the folders of parts while uploads are listed. */
export class PartFolders {
  readonly #folders = new Map<string, PartFolder>();
  readonly #since: number;

  /** @param since older parts are left alone; milliseconds since the epoch */
  constructor(since: number) {
    this.#since = since;
  }

  /** Those that have parts. */
  get all(): PartFolder[] {
    return [...this.#folders.values()].filter(({ parts }) => parts.length > 0);
  }

  take(upload: ListedObject): void {
    const kind = uploadKind(upload);
    if (kind === 'mark') this.#of(upload).mark = upload;
    if (kind === 'part' && upload.modifiedAt.getTime() >= this.#since) this.#of(upload).parts.push(upload);
  }

  #of({ key }: ListedObject): PartFolder {
    const folder = folderOf(key);
    const known = this.#folders.get(folder) ?? { folder, parts: [] };
    this.#folders.set(folder, known);
    return known;
  }
}
