import type { Calls } from '../../calls.ts';
import { namesIn } from '../../registry.ts';
import { MEMBER_LINES, type MemberOutput } from '../../report/data/member-lines.ts';
import { ReportWorkbook } from '../../report/workbook/workbook.ts';
import type { Manifest, Result } from '../../run/contracts.ts';
import { outputKey } from '../../run/keys.ts';
import { OUTPUTS, type Output } from '../../run/outputs.ts';
import { callsOfRun } from '../../run/run-definition.ts';
import type { WriteConditionOf } from '../../run/stored-report.ts';
import type { Bucket } from '../../storage/bucket.ts';
import { ObjectWriter } from '../../storage/object-writer.ts';

/** How many members' lines are in memory at the same time, whatever the size of a batch. */
const AT_A_TIME = 1000;

const MEMBER_OUTPUTS = namesIn(MEMBER_LINES);

/** The outputs that grow with the members. They are uploaded side by side while they are written. */
export class ReportOutputs {
  readonly workbook: ReportWorkbook;
  readonly #calls: Calls;
  readonly #workbookObject: ObjectWriter;
  readonly #memberObjects: readonly { output: MemberOutput; object: ObjectWriter }[];

  constructor(bucket: Bucket, manifest: Manifest, writeConditionOf: WriteConditionOf) {
    const { partner, runId } = manifest;
    this.#calls = callsOfRun(manifest);
    const writer = (output: Output) => {
      const key = outputKey(partner, runId, output);
      return new ObjectWriter(bucket, key, OUTPUTS[output].contentType, writeConditionOf(key));
    };
    this.#workbookObject = writer('workbook');
    this.workbook = new ReportWorkbook(this.#workbookObject.stream);
    this.#memberObjects = MEMBER_OUTPUTS.map((output) => ({ output, object: writer(output) }));
  }

  async writeHeaders(): Promise<void> {
    for (const { output, object } of this.#memberObjects) {
      const header = MEMBER_LINES[output].header?.(this.#calls);
      if (header !== undefined) await object.write(header);
    }
  }

  /** Adds a batch's members to the outputs that have lines of them. */
  async addMembers({ members }: Result): Promise<void> {
    for (let from = 0; from < members.length; from += AT_A_TIME) {
      const some = members.slice(from, from + AT_A_TIME);
      for (const { output, object } of this.#memberObjects)
        await object.write(MEMBER_LINES[output].lines(some, this.#calls));
    }
  }

  /** Stores all outputs, one after the other; `readStoredReport` says why. */
  async close(): Promise<void> {
    await this.workbook.commit();
    for (const object of this.#objects) await object.close();
  }

  /** Gives up: no output that is still open is stored. */
  abandon(reason: unknown): void {
    for (const object of this.#objects) object.abandon(reason);
  }

  get #objects(): ObjectWriter[] {
    return [this.#workbookObject, ...this.#memberObjects.map(({ object }) => object)];
  }
}
