import type { Manifest } from '../../../../../lib/run/contracts.ts';
import { progressLines, progressOn } from '../../../../../scripts/shared/progress/progress.ts';
import type { Look } from '../../../../../scripts/shared/progress/run-watcher.ts';
import { MANIFEST } from '../../../../builders/results.ts';

function manifestWith(batches: number, members = batches): Manifest {
  return { ...MANIFEST, members, batches };
}

/** A look at a run whose batches hold as many members as there are results. */
function scoring(manifest: Manifest, results: number, done = results, failed = 0): Look {
  return { manifest, results, members: { done, failed } };
}

const reading = (rowsRead?: number): Look => ({
  results: 0,
  members: { done: 0, failed: 0 },
  ...(rowsRead === undefined ? {} : { rowsRead }),
});

/** @param times what the clock says, look for look */
function progressInto(lines: string[], fileBytes = 20, times: number[] = []) {
  return progressLines(
    (line) => lines.push(line),
    fileBytes,
    () => times.shift() ?? 0,
  );
}

describe('progress without a terminal', () => {
  it('is a line for each thing that changes', () => {
    const lines: string[] = [];
    const progress = progressInto(lines);
    const manifest = manifestWith(4, 4000);
    progress.uploaded(10);
    progress.uploaded(20);
    progress.looked(reading());
    progress.looked(reading());
    for (const results of [0, 1, 1, 3, 4]) progress.looked(scoring(manifest, results, 1000 * results));
    expect(lines).toEqual([
      'uploading: 10 bytes of 20 bytes',
      'uploading: 20 bytes of 20 bytes',
      'reading the file',
      'scoring members: 0 of 4,000',
      'scoring members: 1,000 of 4,000',
      'scoring members: 3,000 of 4,000',
      'writing the report',
    ]);
  });

  it('tells the rows read, each time they have about doubled', () => {
    const lines: string[] = [];
    const progress = progressInto(lines);
    for (const rows of [undefined, 300_000, 310_000, 600_000, 620_000, 1_250_000]) progress.looked(reading(rows));
    expect(lines).toEqual([
      'reading the file',
      'reading the file: 300,000 rows',
      'reading the file: 600,000 rows',
      'reading the file: 1,250,000 rows',
    ]);
  });

  it('tells failures, the rate and the time left', () => {
    const lines: string[] = [];
    const progress = progressInto(lines, 20, [0, 500, 2000, 4000]);
    const manifest = manifestWith(100, 10_000);
    progress.looked(scoring(manifest, 0));
    // Half a second tells too little: no rate yet.
    progress.looked(scoring(manifest, 10, 1000));
    // 2,000 members in 2 s; the 8,000 others take 8 s.
    progress.looked(scoring(manifest, 20, 2000, 7));
    // 2,400 members in 4 s; the 7,600 others take 12.7 s. No line: it is the same tenth.
    progress.looked(scoring(manifest, 24, 2400, 7));
    expect(lines).toEqual([
      'scoring members: 0 of 10,000',
      'scoring members: 1,000 of 10,000',
      'scoring members: 2,000 of 10,000; 7 failed; 8 s left; 1,000 members/s',
    ]);
  });

  it('writes longer times in minutes and slow rates with a decimal', () => {
    const lines: string[] = [];
    const progress = progressInto(lines, 20, [0, 10_000]);
    const manifest = manifestWith(1000);
    progress.looked(scoring(manifest, 0));
    // 100 in 10 s: the 900 others take 90 s.
    progress.looked(scoring(manifest, 100, 100, 0));
    expect(lines[1]).toBe('scoring members: 100 of 1,000; 1 min 30 s left; 10 members/s');
    const slow: string[] = [];
    const slowProgress = progressInto(slow, 20, [0, 20_000]);
    slowProgress.looked(scoring(manifest, 0));
    // 110 in 20 s: the 890 others take 161.8 s.
    slowProgress.looked(scoring(manifest, 110));
    expect(slow[1]).toBe('scoring members: 110 of 1,000; 2 min 42 s left; 5.5 members/s');
  });

  it('names an endpoint whose calls fail, with the reason, once, and once more when it is down', () => {
    const lines: string[] = [];
    const progress = progressInto(lines);
    const failing = {
      call: 'ats',
      address: 'http://127.0.0.1:9/a',
      problem: 'could not be reached',
      requests: 8,
    } as const;
    const look = scoring(manifestWith(1, 300), 0);
    progress.looked({ ...look, failing: [failing] });
    progress.looked({ ...look, failing: [{ ...failing, requests: 9 }] });
    progress.looked({ ...look, failing: [{ ...failing, requests: 20, givenUpInMs: 58_400 }] });
    progress.looked({ ...look, failing: [{ ...failing, requests: 30, givenUpInMs: 20_000 }] });
    expect(lines).toEqual([
      'scoring members: 0 of 300; ATS fails',
      'ATS endpoint (http://127.0.0.1:9/a) could not be reached; 8 requests in a row failed; they are tried again (Ctrl-C ends this)',
      'ATS endpoint (http://127.0.0.1:9/a) could not be reached; 20 requests in a row failed; the run waits for it 58 s more (Ctrl-C ends this)',
    ]);
  });

  it('calls an endpoint by the label that its partner gives it', () => {
    const lines: string[] = [];
    const failing = { call: 'leaves', label: 'CHURN', address: 'http://a/', problem: 'answered 500', requests: 3 };
    progressInto(lines).looked({ ...scoring(manifestWith(1, 300), 0), failing: [failing] });
    expect(lines[0]).toBe('scoring members: 0 of 300; CHURN fails');
    expect(lines[1]).toMatch(/^CHURN endpoint \(http:\/\/a\/\) answered 500; /);
  });

  it('makes harmless what an endpoint has answered', () => {
    const lines: string[] = [];
    const failing = { call: 'ats', address: 'http://a/', problem: 'answered 500: \u001b[2J', requests: 3 } as const;
    progressInto(lines).looked({ ...scoring(manifestWith(1), 0), failing: [failing] });
    expect(lines[1]).toContain('answered 500: \\u001b[2J;');
  });

  it('keeps telling of failures while the report is written', () => {
    const lines: string[] = [];
    progressInto(lines).looked(scoring(manifestWith(4), 4, 4, 1));
    expect(lines).toEqual(['writing the report: 1 failed']);
  });

  it('is no longer for a thousand batches than for ten', () => {
    const lines: string[] = [];
    const progress = progressInto(lines);
    for (let results = 0; results <= 1000; results += 1) progress.looked(scoring(manifestWith(1000), results));
    expect(lines).toHaveLength(11);
  });

  it('is no longer for a large upload than for one in ten parts', () => {
    const lines: string[] = [];
    const progress = progressInto(lines, 5_000_000_000);
    for (let sent = 5_000_000; sent <= 5_000_000_000; sent += 5_000_000) progress.uploaded(sent);
    expect(lines).toHaveLength(11);
    expect(lines.slice(0, 2)).toEqual(['uploading: 5.0 MB of 5.0 GB', 'uploading: 500.0 MB of 5.0 GB']);
  });

  it('waits for the report at once when there is nothing to score', () => {
    const lines: string[] = [];
    progressInto(lines).looked(scoring(manifestWith(0), 0));
    expect(lines).toEqual(['writing the report']);
  });
});

describe('progress on a terminal', () => {
  /** What is written to a stream that may be a terminal. */
  function written(
    isTTY: boolean,
    show: (progress: ReturnType<typeof progressOn>) => void,
    columns = 120,
    clock?: () => number,
  ): string {
    const pieces: string[] = [];
    const stream: NodeJS.WriteStream = Object.create(process.stderr, {
      isTTY: { value: isTTY },
      columns: { value: columns },
      write: { value: (piece: string) => pieces.push(piece) },
      cursorTo: { value: () => true },
      moveCursor: { value: () => true },
      clearLine: { value: () => true },
    });
    const progress = progressOn(stream, 20, clock);
    show(progress);
    progress.stop();
    return pieces.join('');
  }

  it('is a bar of the members, not of the batches', () => {
    const text = written(true, (progress) => progress.looked(scoring(manifestWith(2, 10), 1, 3, 1)));
    expect(text).toContain('  scoring members [======--------------] 30% | 3 of 10 | 1 failed');
    expect(text).not.toContain('\n');
  });

  it('counts down how long an endpoint that is down is waited for, though nothing new is noted', () => {
    const failing = [{ call: 'ats', address: 'http://a/', problem: 'x', requests: 20, givenUpInMs: 58_000 } as const];
    const look = { ...scoring(manifestWith(1, 300), 0), failing };
    const seenAt = (...times: number[]) => {
      const looks = times.length;
      const clock = () => times.shift() ?? 0;
      return written(true, (progress) => Array.from({ length: looks }, () => progress.looked(look)), 120, clock);
    };
    expect(seenAt(1000)).toContain('| 0 of 300 | ATS fails, waiting 58 s more');
    // 10.4 s later, and a minute.
    expect(seenAt(1000, 11_400)).toContain('| 0 of 300 | ATS fails, waiting 48 s more');
    expect(seenAt(1000, 11_400, 61_000)).toContain('| 0 of 300 | ATS fails, no longer waiting');
  });

  it('has a shorter bar where there is little room', () => {
    const text = written(true, (progress) => progress.looked(scoring(manifestWith(2, 10), 1, 3)), 80);
    expect(text).toContain('  scoring members [===-------] 30% | 3 of 10');
  });

  it('is no bar where nobody knows how much is to come', () => {
    const text = written(true, (progress) => progress.looked(reading(1_250_000)));
    expect(text).toContain('  reading the file | 1,250,000 rows');
    expect(text).not.toContain('reading the file [');
  });

  it('leaves above the bar why calls fail, in lines that are no longer than it is wide', () => {
    const failing = { call: 'offer', address: 'http://a/', problem: 'answered 500: '.repeat(10), requests: 3 } as const;
    const look = { ...scoring(manifestWith(2, 10), 1, 3), failing: [failing] };
    const text = written(true, (progress) => progress.looked(look), 60);
    const [first = '', ...others] = text.slice(text.indexOf('OFFER endpoint')).split('\n');
    expect(first).toBe('OFFER endpoint (http://a/) answered 500: answered 500:');
    for (const line of others.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(60);
    expect(others.at(-1)).toContain('  scoring members [===-------] 30% | 3 of 10 | OFFER fails');
  });

  it('is lines on a terminal that cannot move its cursor', () => {
    const term = process.env.TERM;
    process.env.TERM = 'dumb';
    try {
      expect(written(true, (progress) => progress.uploaded(20))).toBe('uploading: 20 bytes of 20 bytes\n');
    } finally {
      process.env.TERM = term;
    }
  });

  it('is lines where the stream is no terminal', () => {
    expect(written(false, (progress) => progress.uploaded(20))).toBe('uploading: 20 bytes of 20 bytes\n');
  });

  it('shows the cursor again when it stops', () => {
    const text = written(true, (progress) => progress.uploaded(10));
    expect(text).toContain('\x1b[?25l');
    expect(text.lastIndexOf('\x1b[?25h')).toBeGreaterThan(text.lastIndexOf('\x1b[?25l'));
  });
});
