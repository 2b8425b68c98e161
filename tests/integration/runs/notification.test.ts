import { jest } from '@jest/globals';
import { Bucket } from '../../../lib/storage/bucket.ts';
import { fileOf, HEADER } from '../faults/content.ts';
import { usePipeline } from '../harness/pipeline.ts';
import { startSns } from '../harness/sns-server.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:run-ends';

let refuse: () => { status: number; code: string } | undefined = () => undefined;
let sns: Awaited<ReturnType<typeof startSns>>;

beforeAll(async () => {
  sns = await startSns(() => refuse());
});
const pipeline = usePipeline(() => ({
  environment: {
    NOTIFY_TOPIC: TOPIC,
    AWS_ENDPOINT_URL_SNS: sns.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    // Errors are logged on this process's console.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_LOG_LEVEL: 'ERROR',
  },
}));
afterAll(() => sns.close());
beforeEach(() => {
  refuse = () => undefined;
  sns.published.length = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
});

const subjects = () => sns.published.map(({ parameters }) => parameters.Subject);

/** Has an endpoint refuse every member whose average is this, in words that tell who it is. */
function refusing(points: number): void {
  pipeline.intercept = ({ body, url }, reply) =>
    url === '/ml/ats/predict' && JSON.stringify(body).includes(`"AVG_POINTS_BOUGHT":${points},`)
      ? reply.code(422).send(`member M3 has ${points}`)
      : undefined;
}

/** Starts the report of a run again with the event that started it. */
async function repeatReport(): Promise<void> {
  const report = pipeline.deliveries.find(({ functionName }) => functionName === 'report');
  pipeline.deliver('report', report?.event);
  await pipeline.idle();
}

describe('when a run ends, a topic', () => {
  it('is sent one message that says how, how many, how long, for how much, and where the report lies', async () => {
    const { runId, cost } = await pipeline.drop('members of May.csv', fileOf(30), '2024-01-31');
    expect(cost?.usd).toBeGreaterThan(0);
    expect(sns.published).toHaveLength(1);
    const [{ region, parameters } = { region: '', parameters: {} }] = sns.published;
    // That of the topic, not of the functions.
    expect(region).toBe('eu-west-1');
    expect(parameters).toMatchObject({
      Action: 'Publish',
      TopicArn: TOPIC,
      Subject: 'Member offers: COMPLETE, 30 members (members of May.csv)',
      'MessageAttributes.entry.1.Name': 'status',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'COMPLETE',
    });
    const lines = parameters.Message?.split('\n') ?? [];
    expect(lines).toEqual([
      'COMPLETE: every member has an offer.',
      '',
      'Members  30 = 30 scored + 0 failed',
      'Rows     31 read = 30 accepted + 1 rejected; 0 blank values; 1 member lacks rows, 1 of them all',
      expect.stringMatching(/^Time {5}\S.* = wait .* \+ report /),
      'Requests 90 = 30 ATS + 30 RESP + 30 OFFER; 0 retries among them, 0 calls failed for good',
      expect.stringMatching(/^Offers {3}\d+ × OFFER_/),
      ...lines.filter((line) => line.startsWith('         ')),
      'File     s3://member-offers-dev/uploads/default/members of May.csv',
      'Partner  default',
      expect.stringMatching(/^Read by {2}default\.yml \([0-9a-f]{12}\)$/),
      'As of    2024-01-31',
      expect.stringMatching(/^Started {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
      expect.stringMatching(/^Cost {5}about \$0\.\d+ on AWS \(us-east-1, /),
      `Run      ${runId}`,
      '',
      `The report: s3://member-offers-dev/reports/default/${runId}/`,
      `https://eu-central-1.console.aws.amazon.com/s3/buckets/member-offers-dev?region=eu-central-1&prefix=reports%2Fdefault%2F${runId}%2F`,
      '',
    ]);
  });

  it('is told of a file that cannot be used, but not what the file holds', async () => {
    await pipeline.drop('headless.csv', 'M-4711,2024-01-01,buy,"12",3\nM-4712,2024-01-01,buy,1,1\n');
    expect(subjects()).toEqual(['Member offers: FAILED, 0 members (headless.csv)']);
    const message = sns.published[0]?.parameters.Message ?? '';
    expect(message).toMatch(
      /^FAILED: no header: one of the first 50 lines must name the columns .*, but the first is "…"\n/,
    );
    expect(message).not.toMatch(/M-471|buy/);
  });

  it('is told how many members failed and with what status, but neither who nor what was answered', async () => {
    refusing(300);
    await pipeline.drop('partial.csv', fileOf(5), '2024-01-31');
    expect(subjects()).toEqual(['Member offers: PARTIAL, 1 of 5 members failed (partial.csv)']);
    const message = sns.published[0]?.parameters.Message ?? '';
    expect(message).toMatch(
      /^PARTIAL: 1 of 5 members could not be scored; most often: 1 × ATS with HTTP 422\. The report says why\.\n/,
    );
    expect(message).not.toMatch(/\bM3\b|\b300\b/);
  });

  it('is told by onFailure when the report cannot be written', async () => {
    pipeline.around = (functionName, handle) =>
      functionName === 'report' ? Promise.reject(new Error('out of memory')) : handle();
    const { status } = await pipeline.drop('unreported.csv', fileOf(3), '2024-01-31');
    expect(status).toBe('FAILED');
    expect(subjects()).toEqual(['Member offers: FAILED, 0 members (unreported.csv)']);
  });
});

describe('a topic that has been told', () => {
  it('is not told again when the report is written again', async () => {
    await pipeline.drop('repeated.csv', fileOf(3), '2024-01-31');
    await repeatReport();
    expect(pipeline.failures).toEqual([]);
    expect(subjects()).toEqual(['Member offers: COMPLETE, 3 members (repeated.csv)']);
  });

  it('is told again when the run is taken up again and ends otherwise', async () => {
    refusing(300);
    const { runId } = await pipeline.drop('resumed.csv', fileOf(5), '2024-01-31');
    await pipeline.invoke('resume', { runId });
    await pipeline.idle();
    pipeline.intercept = () => undefined;
    await pipeline.invoke('resume', { runId });
    await pipeline.idle();
    expect(subjects()).toEqual([
      'Member offers: PARTIAL, 1 of 5 members failed (resumed.csv)',
      'Member offers: COMPLETE, 5 members (resumed.csv)',
    ]);
  });
});

describe('a topic that takes no messages', () => {
  it('is asked again with the report, at last by whoever ends what others cannot, and does not fail the run', async () => {
    const logged = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    refuse = () => ({ status: 403, code: 'AuthorizationError' });
    pipeline.retries = 2;
    const { status, runId } = await pipeline.drop('refused.csv', fileOf(3), '2024-01-31');
    expect(status).toBe('COMPLETE');
    expect(subjects()).toEqual(Array(4).fill('Member offers: COMPLETE, 3 members (refused.csv)'));
    const lines = logged.mock.calls.map(([line]) => JSON.parse(String(line)));
    expect(lines.map(({ message }) => message)).toEqual([
      ...Array(3).fill('failed'),
      'could not send the notification',
    ]);
    expect(lines.at(-1)).toMatchObject({ level: 'ERROR', runId, error: { message: 'not this time' } });
  });

  it('for a moment is told by the next attempt, which does not write the report again', async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const refusals = [{ status: 403, code: 'AuthorizationError' }];
    refuse = () => refusals.pop();
    pipeline.retries = 1;
    const write = jest.spyOn(Bucket.prototype, 'writeStream');
    await pipeline.drop('told-later.csv', fileOf(20), '2024-01-31');
    expect(pipeline.failures).toEqual([]);
    expect(subjects()).toHaveLength(2);
    const written = write.mock.calls.map(([key]) => key.slice(key.lastIndexOf('/') + 1));
    expect(written.toSorted()).toEqual(['members.jsonl', 'offers.csv', 'rejected.jsonl', 'report.xlsx']);
  });

  it('is tried again when it is overloaded', async () => {
    const refusals = [{ status: 503, code: 'ServiceUnavailable' }];
    refuse = () => refusals.pop();
    await pipeline.drop('overloaded.csv', fileOf(3), '2024-01-31');
    expect(subjects()).toHaveLength(2);
  });
});

describe('the subject', () => {
  it('holds nothing but printable characters of ASCII, less than a hundred, whatever the file is called', async () => {
    const name = `Müller\t${'long '.repeat(30)}.csv`;
    await pipeline.drop(name, `${HEADER}\nA,2024-01-01,buy,1,1\n`, '2024-01-31');
    expect(subjects()[0]).toMatch(/^Member offers: COMPLETE, 1 member \(M\?ller [ -~]*\.\.\.\)$/);
    expect(subjects()[0]).toHaveLength(99);
  });
});
