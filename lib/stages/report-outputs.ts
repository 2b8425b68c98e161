import type { Bucket } from '../bucket.ts';
import type { Manifest, Result } from '../contracts.ts';
import { JSON_LINES_CONTENT_TYPE, jsonLine } from '../json-lines.ts';
import { outputKey } from '../layout.ts';
import { ObjectWriter } from '../object-writer.ts';
import { CSV_CONTENT_TYPE, offersHeader, offersLines } from '../report/data/offers-csv.ts';
import { ReportWorkbook } from '../report/workbook/workbook.ts';

const EXCEL_CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The outputs that grow with the members: uploaded side by side while they are written. */
export class ReportOutputs {
  readonly workbook: ReportWorkbook;
  readonly #workbookObject: ObjectWriter;
  readonly #offers: ObjectWriter;
  readonly #members: ObjectWriter;

  constructor(bucket: Bucket, { partner, runId }: Manifest) {
    const key = (output: 'workbook' | 'offers' | 'members') => outputKey(partner, runId, output);
    this.#workbookObject = new ObjectWriter(bucket, key('workbook'), EXCEL_CONTENT_TYPE);
    this.workbook = new ReportWorkbook(this.#workbookObject.stream);
    this.#offers = new ObjectWriter(bucket, key('offers'), CSV_CONTENT_TYPE);
    this.#members = new ObjectWriter(bucket, key('members'), JSON_LINES_CONTENT_TYPE);
  }

  async writeOffersHeader(): Promise<void> {
    await this.#offers.write(offersHeader());
  }

  /** Adds a batch's members to the files for programs. */
  async addMembers({ members }: Result): Promise<void> {
    await this.#members.write(members.map(jsonLine).join(''));
    await this.#offers.write(offersLines(members));
  }

  /** When this returns, all of them are stored. */
  async close(): Promise<void> {
    await this.workbook.commit();
    await Promise.all([this.#workbookObject.close(), this.#offers.close(), this.#members.close()]);
  }

  /** Stores nothing more. */
  abandon(reason: unknown): void {
    for (const object of [this.#workbookObject, this.#offers, this.#members]) object.abandon(reason);
  }
}
