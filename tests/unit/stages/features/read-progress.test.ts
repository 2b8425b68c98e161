import { ReadProgress } from '../../../../lib/stages/features/read-progress.ts';
import type { Bucket } from '../../../../lib/storage/bucket.ts';

const RUN = '20240131T101502Z-3f9a1c2e';

/** Reads a chunk at each of these times, milliseconds, with ten rows in each; returns what was noted, and when. */
async function readAt(times: readonly number[], write: () => Promise<void> = async () => undefined) {
  const rows = { read: 0, accepted: 0, rejected: 0, imputed: 0 };
  const draft = { runId: RUN, source: { bucket: 'offers', key: 'uploads/acme/m.csv' }, etag: 'e', rows };
  const noted: { time: number; key: string; text: string }[] = [];
  let time = 0;
  const writeJson = async (key: string, value: unknown) => {
    noted.push({ time, key, text: JSON.stringify(value) });
    await write();
  };
  const progress = new ReadProgress({ writeJson } as unknown as Bucket, draft, () => time);
  const chunks = async function* () {
    for (time of times) yield Buffer.from('x');
  };
  let read = 0;
  for await (const _ of progress.of(chunks())) {
    read += 1;
    rows.read += 10;
    await new Promise(setImmediate);
  }
  return { noted, read, progress };
}

describe('the progress of reading', () => {
  it('is noted once a second, and not in the first one', async () => {
    const { noted } = await readAt([0, 999, 1000, 1999, 2000, 2500]);
    // Rows are noted when a chunk arrives: those of the chunks before it.
    const text = (read: number) =>
      `{"source":{"bucket":"offers","key":"uploads/acme/m.csv"},"etag":"e","rows":{"read":${read},"accepted":0,"rejected":0,"imputed":0}}`;
    expect(noted).toEqual([
      { time: 1000, key: `runs/${RUN}/progress.json`, text: text(20) },
      { time: 2000, key: `runs/${RUN}/progress.json`, text: text(40) },
    ]);
  });

  it('is not waited for by the reading, and not noted twice at a time', async () => {
    const writing = Promise.withResolvers<void>();
    const { noted, read, progress } = await readAt([1000, 2000, 3000], () => writing.promise);
    expect({ noted: noted.length, read }).toEqual({ noted: 1, read: 3 });
    let isSettled = false;
    const settled = progress.settled().then(() => {
      isSettled = true;
    });
    await new Promise(setImmediate);
    expect(isSettled).toBe(false);
    writing.resolve();
    await settled;
  });

  it('is noted again after it could not be', async () => {
    const { noted, read } = await readAt([1000, 2000], () => Promise.reject(new Error('no room')));
    expect({ noted: noted.length, read }).toEqual({ noted: 2, read: 2 });
  });
});
