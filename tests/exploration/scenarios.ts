import { uploadKey } from '../../lib/run/keys.ts';
import type { Act } from './choices.ts';
import type { DirectedHarness } from './directed-harness.ts';
import type { Harness } from './harness.ts';
import { idle } from './idle.ts';
import { fileOf } from './members.ts';
import { hasEnded, manifestOf } from './promises/runs.ts';
import type { Scenario } from './walk.ts';

const KEY = uploadKey('acme', 'members.csv');

const FOLDER = uploadKey('acme', 'january/');

const putPart = (harness: Harness, part: number, members: number, first: number) =>
  harness.store(`${FOLDER}part-${part}.csv`, fileOf(members, first));

const close = (harness: Harness) => harness.store(`${FOLDER}_SUCCESS`, '');

/** A program has written two parts, and then their mark. */
const dropFolder = (harness: Harness) => {
  putPart(harness, 0, 2, 1);
  putPart(harness, 1, 2, 3);
  close(harness);
};

const drop = (harness: Harness, members = 4, first = 1) => harness.store(KEY, fileOf(members, first));

const firstRun = (harness: Harness): string => harness.runIds[0] ?? '';

/** Somebody resumes the run by hand. */
const resume = (label: string, mayHappen: (harness: Harness) => boolean): Act => ({
  label,
  mayHappen,
  do: (harness) => harness.call('resume', { runId: firstRun(harness) }, 'run 1'),
});

/** Two people do so, or one whose client sends the request again. */
const resumeTwice = (mayHappen: (harness: Harness) => boolean): Act => ({
  label: 'two people resume the run at once',
  mayHappen,
  do: (harness) => {
    for (const _ of [1, 2]) harness.call('resume', { runId: firstRun(harness) }, 'run 1');
  },
});

const hasManifest = (harness: Harness) => manifestOf(harness, firstRun(harness)) !== undefined;
const isOver = (harness: Harness) => hasEnded(harness, firstRun(harness));

/** Some members are refused, until whoever is asked is well again. */
const refusing =
  (...memberIds: string[]) =>
  (harness: Harness) => {
    harness.services.refused = new Set(memberIds);
    drop(harness);
  };
/** The run is over, some members of it failed, and the endpoints are well again. */
const overWithout =
  (...memberIds: string[]) =>
  async (harness: Harness) => {
    refusing(...memberIds)(harness);
    await idle(harness);
    harness.services.refused = new Set();
  };

/** All results are in, some members have failed, and the report is to be written. */
const upToReport =
  (...memberIds: string[]) =>
  async (harness: Harness) => {
    refusing(...memberIds)(harness);
    await idle(harness, (mover) => !mover.startsWith('report'));
    harness.services.refused = new Set();
  };

/** A report that is slow comes to write when its run was resumed, and the next round's report is about to be written. */
const slowReport = async (harness: DirectedHarness) => {
  await upToReport('M1', 'M3')(harness);
  harness.repeat('report run 1');
  const slow = await harness.held(harness.begin('report run 1'), 'PutObject reports/acme/run 1/report.xlsx');
  await harness.idle(slow);
  await harness.finish(await harness.resume());
  await idle(harness, (mover) => !mover.startsWith('report'));
};

/** A report is written and about to be told of, when its event comes once more. */
const reportToBeTold = async (harness: DirectedHarness) => {
  await upToReport()(harness);
  harness.repeat('report run 1');
  await harness.held(harness.begin('report run 1'), 'GetObject runs/run 1/ended.json');
  await harness.held(harness.begin('report run 1 #2'), 'GetObject reports/acme/run 1/summary.json');
};

/** The same batch is given to two, of which one is quicker. */
const doubledBatch = async (harness: DirectedHarness) => {
  drop(harness);
  await harness.perform('features run 1');
  harness.repeat('predict run 1/1');
  await harness.held(harness.begin('predict run 1/1'), 'asks ats for M4');
  await harness.held(harness.begin('predict run 1/1 #2'), 'asks offer for M2');
};

const recover: Act = {
  label: 'the endpoints are well again',
  do: (harness) => {
    harness.services.refused = new Set();
  },
};

/** Of one batch, whose members go in few requests. */
const SEVERAL_ROWS = { batching: { minBatchSize: 6, maxBatches: 1 }, rows: 3 };

/** What may happen to the service, a line for each story. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'events come twice, and in any order',
    begin: drop,
    faults: ['repeated event'],
    mostFaults: 3,
  },
  {
    name: 'invocations die and S3 fails',
    begin: drop,
    faults: ['crash', 'S3 error', 'short time'],
    mostFaults: 3,
    isHealedInTheEnd: true,
  },
  {
    name: 'events fail for good',
    begin: drop,
    faults: ['final crash', 'crash', 'repeated event'],
    mostFaults: 3,
    isHealedInTheEnd: true,
  },
  {
    name: 'events get lost, and what is late is very late',
    begin: drop,
    faults: ['lost event', 'long time', 'repeated event'],
    mostFaults: 3,
  },
  {
    name: 'the schedule comes twice, and at any time',
    begin: drop,
    acts: () => [
      { label: 'the schedule', do: (harness) => harness.call('schedule', {}, '') },
      { label: 'the schedule again', do: (harness) => harness.call('schedule', {}, '') },
    ],
    faults: ['lost event', 'long time', 'crash'],
    mostFaults: 3,
  },
  {
    name: 'the upload is overwritten or deleted meanwhile',
    begin: drop,
    acts: () => [
      { label: 'the file is overwritten', do: (harness) => drop(harness, 3, 11) },
      { label: 'the file is deleted', do: (harness) => harness.remove(KEY) },
    ],
    faults: ['repeated event', 'crash'],
    mostFaults: 2,
  },
  {
    name: 'a folder of parts is written anew while it is read',
    begin: dropFolder,
    acts: () => [
      { label: 'a part more comes', do: (harness) => putPart(harness, 2, 1, 5) },
      { label: 'a part is overwritten', do: (harness) => putPart(harness, 0, 3, 11) },
      { label: 'a part is deleted', do: (harness) => harness.remove(`${FOLDER}part-1.csv`) },
      { label: 'the mark is written again', do: close },
      { label: 'the schedule', do: (harness) => harness.call('schedule', {}, '') },
    ],
    faults: ['repeated event', 'crash', 'final crash', 'S3 error', 'lost event', 'long time'],
    mostFaults: 3,
  },
  {
    name: 'the same bytes are dropped again as of another day',
    begin: drop,
    acts: () => [
      {
        label: 'the same, as of another day',
        do: (harness) => harness.store(KEY, fileOf(4), { 'as-of': '2024-01-20' }),
      },
    ],
    faults: ['repeated event', 'crash'],
    mostFaults: 2,
  },
  {
    name: 'the service is deployed with other settings meanwhile',
    begin: drop,
    acts: () => [
      {
        label: 'batches are cut otherwise from now on',
        do: (harness) => {
          harness.batching = { minBatchSize: 1, maxBatches: 4 };
        },
      },
    ],
    faults: ['repeated event', 'crash'],
    mostFaults: 3,
  },
  {
    name: 'members are refused, and the run is resumed when it is over',
    begin: refusing('M1', 'M3'),
    acts: () => [recover, resume('somebody resumes the run', isOver)],
    faults: ['repeated event', 'crash', 'S3 error'],
    mostFaults: 2,
    isHealedInTheEnd: true,
  },
  {
    name: 'the run is resumed by two at once',
    begin: overWithout('M2', 'M4'),
    acts: () => [resumeTwice(isOver), resume('and somebody else does', isOver)],
    shares: { faults: 0, acts: 0.1 },
    isHealedInTheEnd: true,
  },
  {
    name: 'the run is resumed at any time',
    begin: refusing('M2'),
    acts: () => [recover, resume('somebody resumes the run', hasManifest), resumeTwice(hasManifest)],
    faults: ['final crash', 'crash', 'long time'],
    mostFaults: 2,
    isHealedInTheEnd: true,
  },
  {
    name: 'stale events come after the run was resumed',
    begin: overWithout('M2', 'M4'),
    acts: () => [resume('somebody resumes the run', isOver), resume('and again', isOver)],
    faults: ['repeated event'],
    mostFaults: 3,
    shares: { faults: 0.15, acts: 0.1 },
    isHealedInTheEnd: true,
  },
  {
    name: 'invocations die while the run is resumed',
    begin: overWithout('M2', 'M4'),
    acts: () => [resume('somebody resumes the run', isOver), resume('and again', hasManifest)],
    faults: ['crash', 'S3 error', 'final crash', 'short time'],
    mostFaults: 3,
    shares: { faults: 0.1, acts: 0.05 },
    isHealedInTheEnd: true,
  },
  {
    name: 'the report is written by several, of which some die',
    begin: upToReport('M1'),
    acts: () => [resume('somebody resumes the run', hasManifest)],
    faults: ['crash', 'S3 error', 'repeated event', 'final crash'],
    mostFaults: 3,
    shares: { faults: 0.15, acts: 0.02 },
    isHealedInTheEnd: true,
  },
  {
    name: 'a slow report meets that of the next round',
    begin: slowReport,
    faults: ['crash', 'repeated event'],
    mostFaults: 2,
    isHealedInTheEnd: true,
  },
  {
    name: 'a report is told of while its event comes once more',
    begin: reportToBeTold,
    faults: ['crash'],
    mostFaults: 1,
  },
  {
    name: 'time runs short for two at the same batch',
    harness: { batching: { minBatchSize: 4, maxBatches: 1 } },
    begin: doubledBatch,
    faults: ['short time'],
    mostFaults: 3,
    shares: { faults: 0.4, acts: 0 },
  },
  {
    name: 'the report fails for good, and the run is resumed',
    begin: refusing('M4'),
    acts: () => [recover, resume('somebody resumes the run', isOver)],
    faults: ['final crash', 'repeated event', 'crash'],
    mostFaults: 3,
    isHealedInTheEnd: true,
  },
  {
    name: 'the bucket keeps versions, and everything may happen',
    harness: { isVersioned: true, batching: { minBatchSize: 1, maxBatches: 3 } },
    begin: refusing('M2'),
    acts: () => [
      recover,
      resume('somebody resumes the run', hasManifest),
      { label: 'the file is overwritten', do: (harness) => drop(harness, 3, 11) },
      { label: 'the schedule', do: (harness) => harness.call('schedule', {}, '') },
    ],
    faults: ['repeated event', 'crash', 'final crash', 'S3 error', 'short time', 'lost event', 'long time'],
    mostFaults: 4,
    isHealedInTheEnd: true,
  },
  {
    name: 'requests have several rows, and everything may happen to those who send them',
    harness: SEVERAL_ROWS,
    begin: (harness) => drop(harness, 6),
    faults: ['crash', 'short time', 'repeated event', 'S3 error'],
    mostFaults: 3,
    isHealedInTheEnd: true,
  },
  {
    name: 'requests have several rows, of which some are refused, and the run is resumed',
    harness: SEVERAL_ROWS,
    begin: refusing('M1', 'M3'),
    acts: () => [recover, resume('somebody resumes the run', isOver)],
    faults: ['crash', 'short time', 'repeated event', 'final crash'],
    mostFaults: 3,
    isHealedInTheEnd: true,
  },
];
