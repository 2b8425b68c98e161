import { batchKey, outputKey } from '../../../lib/run/keys.ts';
import { outputOf, rowsOf, usePipeline } from '../harness/pipeline.ts';
import { contentOf, fileOf, membersOf } from './content.ts';

const pipeline = usePipeline();
beforeEach(() => {
  pipeline.retries = 2;
});

/** Every attempt of a function fails, as it does when it runs out of memory or time. */
function fail(functionName: string, message: string, matches: (event: string) => boolean = () => true): void {
  pipeline.around = async (name, handle, event) => {
    if (name === functionName && matches(JSON.stringify(event))) throw new Error(message);
    return handle();
  };
}

describe('when all attempts fail', () => {
  it('of one batch, its members are failed with the reason, the others are scored, and the run is PARTIAL', async () => {
    fail('predict', 'Runtime exited with error: signal: killed', (event) => event.includes('00002.json'));
    const summary = await pipeline.drop('poisoned.csv', fileOf(60), '2024-01-31');
    expect(summary).toMatchObject({ status: 'PARTIAL', members: { total: 60, scored: 35, failed: 25 } });
    expect(summary.reason).toBe(
      '25 of 60 members could not be scored; most often: the function predict failed 3 times, at last with: Error: Runtime exited with error: signal: killed',
    );
    const members = await membersOf(pipeline, summary);
    expect(members.slice(25, 50).every(({ outcome }) => outcome.status === 'FAILED')).toBe(true);
    const failures = rowsOf((await pipeline.workbook(outputOf(summary, 'workbook'))).getWorksheet('Failures'));
    expect(failures).toHaveLength(25);
    expect(failures[0]).toMatchObject({ MEMBER_ID: 'M25', STEP: 'predict', ATTEMPTS: 0, HTTP_STATUS: null });
    // Members that were never called took no time.
    expect(summary.steps.find(({ step }) => step === 'total')?.count).toBe(35);
  });

  it('of reading the file, the run is FAILED with the reason', async () => {
    fail('features', 'Task timed out after 900.00 seconds');
    const summary = await pipeline.drop('unread.csv', fileOf(5), '2024-01-31');
    expect(summary).toMatchObject({
      status: 'FAILED',
      reason: 'the function features failed 3 times, at last with: Error: Task timed out after 900.00 seconds',
      members: { total: 0 },
    });
  });

  it('of the report, the summary says so, and the report comes when the run is resumed', async () => {
    fail('report', 'No space left');
    const summary = await pipeline.drop('unreported.csv', fileOf(5), '2024-01-31');
    expect(summary).toMatchObject({ status: 'FAILED', reason: expect.stringContaining('report failed 3 times') });
    expect(await pipeline.bucket.exists(outputOf(summary, 'workbook'))).toBe(false);
    pipeline.reset();
    await pipeline.invoke('resume', { runId: summary.runId });
    await pipeline.idle();
    const [resumed] = await pipeline.summariesOf('unreported.csv');
    expect(resumed).toMatchObject({ status: 'COMPLETE', members: { scored: 5 } });
    expect(pipeline.calls).toEqual([]);
  });

  it('nothing that came to be all the same is taken back', async () => {
    const summary = await pipeline.drop('late.csv', fileOf(30), '2024-01-31');
    const content = await contentOf(pipeline, summary);
    for (const { functionName, event } of [...pipeline.deliveries]) {
      await pipeline.invoke('onFailure', failedInvocation(functionName, event));
    }
    await pipeline.idle();
    const [after] = await pipeline.summariesOf('late.csv');
    expect(after).toEqual(summary);
    expect(await contentOf(pipeline, summary)).toEqual(content);
  });

  it('because there was no room for the event for too long, the reason says that', async () => {
    pipeline.admits = (functionName) => functionName !== 'predict';
    await pipeline.put('aged.csv', fileOf(3), '2024-01-31');
    await pipeline.idle();
    const features = pipeline.deliveries.find(({ functionName }) => functionName === 'features');
    const runId = await runIdOf(features?.event);
    const event = { Records: [recordOf(batchKey(runId, 1))] };
    await pipeline.invoke('onFailure', {
      ...failedInvocation('predict', event, 'EventAgeExceeded'),
      responsePayload: null,
    });
    await pipeline.idle();
    expect(await pipeline.bucket.exists(outputKey('default', runId, 'summary'))).toBe(true);
    const [summary] = await pipeline.summariesOf('aged.csv');
    expect(summary?.reason).toMatch(
      /most often: this event waited too long for a free instance of the function predict$/,
    );
  });
});

async function runIdOf(event: unknown): Promise<string> {
  const [outcome] = (await pipeline.invoke('features', event)) as { runId: string }[];
  return outcome?.runId ?? '';
}

function recordOf(key: string) {
  const object = { key, eTag: 'e', sequencer: '1' };
  return { eventTime: new Date().toISOString(), s3: { bucket: { name: pipeline.bucket.name }, object } };
}

function failedInvocation(functionName: string, event: unknown, condition = 'RetriesExhausted') {
  return {
    requestContext: {
      requestId: 'late',
      functionArn: `arn:aws:lambda:us-east-1:1:function:${functionName}:$LATEST`,
      condition,
      approximateInvokeCount: 3,
    },
    requestPayload: event,
    responsePayload: { errorType: 'Error', errorMessage: 'late' },
  };
}
