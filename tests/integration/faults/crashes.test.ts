import { S3Client } from '@aws-sdk/client-s3';
import { usePipeline } from '../harness/pipeline.ts';
import { contentOf, fileOf } from './content.ts';

const pipeline = usePipeline();
beforeEach(() => {
  pipeline.retries = 2;
});

const FILE = fileOf(30);

/** The function fails when S3 has done this operation, which is before it asks for the next. */
interface CrashPoint {
  functionName: string;
  /** Counted from 1, over all invocations of the function in a run. */
  operation: number;
}

/** What a run's functions asked of S3, in order. */
interface Trace {
  operations: Map<string, string[]>;
  crashed: boolean;
}

/**
 * Drops a file while one S3 operation of one function fails the invocation. Invocations run one at a time, so that
 * operations belong to the function that runs.
 */
async function dropWithCrash(name: string, crash?: CrashPoint) {
  const trace: Trace = { operations: new Map(), crashed: false };
  let running: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  pipeline.around = (functionName, handle) => {
    const handled = turn.then(async () => {
      running = functionName;
      return handle().finally(() => {
        running = undefined;
      });
    });
    turn = handled.catch(() => undefined);
    return handled;
  };
  const send = S3Client.prototype.send;
  S3Client.prototype.send = async function (this: S3Client, command: never) {
    if (running === undefined) return Reflect.apply(send, this, [command]);
    const operations = trace.operations.get(running) ?? [];
    trace.operations.set(running, operations);
    operations.push(Object(command).constructor.name);
    const isHere = !trace.crashed && crash?.functionName === running && operations.length === crash.operation;
    if (isHere) trace.crashed = true;
    const answer = await Reflect.apply(send, this, [command]);
    if (isHere) throw new Error('crashed');
    return answer;
  } as typeof send;
  try {
    return { summary: await pipeline.drop(name, FILE, '2024-01-31'), trace };
  } finally {
    S3Client.prototype.send = send;
  }
}

/** Which batch comes first is left to chance, and with it how often predict looks whether all is in: there are others. */
async function dropAtLastWithCrash(name: string, point: CrashPoint) {
  for (let file = 1; ; file++) {
    const dropped = await dropWithCrash(`${name}-${file}.csv`, point);
    if (dropped.trace.crashed || file === MAX_FILES) return dropped;
  }
}

const MAX_FILES = 20;

describe('a function that crashes at an S3 operation', () => {
  it('is delivered its event again, and the report is the same: for every operation of every stage', async () => {
    const { summary, trace } = await dropWithCrash('clean.csv');
    const clean = await contentOf(pipeline, summary);
    const points = [...trace.operations].flatMap(([functionName, operations]) =>
      operations.map((_, index) => ({ functionName, operation: index + 1 })),
    );
    expect([...trace.operations.keys()]).toEqual(['features', 'predict', 'report']);
    // Features reads, writes plan, two batches and the manifest; two results; five outputs: that many at the least.
    expect(points.length).toBeGreaterThan(5 + 2 * 4 + 8);
    for (const [index, point] of points.entries()) {
      const crashed = await dropAtLastWithCrash(`crash-${index}`, point);
      expect({ ...point, crashed: crashed.trace.crashed }).toEqual({ ...point, crashed: true });
      expect({ ...point, content: await contentOf(pipeline, crashed.summary) }).toEqual({ ...point, content: clean });
    }
    expect(pipeline.failures).toEqual([]);
  }, 120_000);
});
