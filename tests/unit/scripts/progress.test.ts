import type { Manifest } from '../../../lib/contracts.ts';
import { progressLines } from '../../../scripts/cli/progress.ts';

const at = new Date('2024-01-31T10:15:03Z');

function manifestWith(batches: number): Manifest {
  return {
    runId: 'r',
    partner: 'acme',
    source: { bucket: 'offers', key: 'uploads/acme/m.csv' },
    asOf: '2024-01-31',
    etag: 'e',
    rows: { read: 1, accepted: 1, rejected: 0, imputed: 0 },
    members: 1,
    batches,
    startedAt: at.toISOString(),
    wait: { from: at.getTime(), to: at.getTime() },
    steps: [],
  };
}

function progressInto(lines: string[]) {
  return progressLines((line) => lines.push(line));
}

describe('progress without a terminal', () => {
  it('is a line for each thing that changes', () => {
    const lines: string[] = [];
    const progress = progressInto(lines);
    const manifest = manifestWith(4);
    progress.uploaded(10);
    progress.uploaded(20);
    progress.looked({ results: 0 });
    progress.looked({ results: 0 });
    for (const results of [0, 1, 1, 3, 4]) progress.looked({ manifest, results });
    expect(lines).toEqual([
      'uploading',
      'reading the file',
      'scoring members: 0%',
      'scoring members: 20%',
      'scoring members: 70%',
      'writing the report',
    ]);
  });

  it('is no longer for a thousand batches than for ten', () => {
    const lines: string[] = [];
    const progress = progressInto(lines);
    for (let results = 0; results <= 1000; results += 1) progress.looked({ manifest: manifestWith(1000), results });
    expect(lines).toHaveLength(11);
  });

  it('waits for the report at once when there is nothing to score', () => {
    const lines: string[] = [];
    progressInto(lines).looked({ manifest: manifestWith(0), results: 0 });
    expect(lines).toEqual(['writing the report']);
  });
});
