import type { Bucket } from '../bucket.ts';
import type { Manifest, Result } from '../contracts.ts';
import { JSON_LINES_CONTENT_TYPE, jsonLine } from '../json-lines.ts';
import { outputKey } from '../layout.ts';
import { ObjectWriter } from '../object-writer.ts';
import { CSV_CONTENT_TYPE, offersHeader, offersLines } from '../report/data/offers-csv.ts';
import { ReportWorkbook } from '../report/workbook/workbook.ts';
import type { PlaceOf } from './standing.ts';

const EXCEL_CONTENT_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Members whose lines are in memory at a time, whatever the size of a batch. */
const AT_A_TIME = 1000;

/** The outputs that grow with the members: uploaded side by side while they are written. */
export class ReportOutputs {
  readonly workbook: ReportWorkbook;
  readonly #workbookObject: ObjectWriter;
  readonly #offers: ObjectWriter;
  readonly #members: ObjectWriter;

  constructor(bucket: Bucket, { partner, runId }: Manifest, placeOf: PlaceOf) {
    const writer = (output: 'workbook' | 'offers' | 'members', contentType: string) => {
      const key = outputKey(partner, runId, output);
      return new ObjectWriter(bucket, key, contentType, placeOf(key));
    };
    this.#workbookObject = writer('workbook', EXCEL_CONTENT_TYPE);
    this.workbook = new ReportWorkbook(this.#workbookObject.stream);
    this.#offers = writer('offers', CSV_CONTENT_TYPE);
    this.#members = writer('members', JSON_LINES_CONTENT_TYPE);
  }

  async writeOffersHeader(): Promise<void> {
    await this.#offers.write(offersHeader());
  }

  /** Adds a batch's members to the files for programs. */
  async addMembers({ members }: Result): Promise<void> {
    for (let from = 0; from < members.length; from += AT_A_TIME) {
      const some = members.slice(from, from + AT_A_TIME);
      await this.#members.write(some.map(jsonLine).join(''));
      await this.#offers.write(offersLines(some));
    }
  }

  /** When this returns, all of them are stored. One after the other, see `readStanding`. */
  async close(): Promise<void> {
    await this.workbook.commit();
    for (const object of [this.#workbookObject, this.#offers, this.#members]) await object.close();
  }

  /** Stores nothing more. */
  abandon(reason: unknown): void {
    for (const object of [this.#workbookObject, this.#offers, this.#members]) object.abandon(reason);
  }
}
