import { z } from 'zod';
import { METRICS, NAMESPACE } from '../../../functions/observation/metrics.ts';
import { CALLS } from '../../default-calls.ts';
import { REGION } from './packaging.ts';
import { OWN_ENDPOINTS, packaged, type Template } from './template.ts';

const TOPIC = 'arn:aws:sns:region:account:operations';

let dev: Template;
let prod: Template;
beforeAll(async () => {
  dev = await packaged('dev');
  prod = await packaged('prod', { ...OWN_ENDPOINTS, ALARM_TOPIC: TOPIC });
}, 120_000);

const dimensionsSchema = z
  .array(z.strictObject({ Name: z.string(), Value: z.string() }))
  .transform((all) => all.map(({ Name, Value }) => [Name, Value]));
const metricSchema = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensionsSchema });
const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string().min(20),
  Metrics: z
    .array(z.object({ Id: z.string(), Expression: z.string().optional(), MetricStat: z.unknown().optional() }))
    .optional(),
});

const periodSchema = z.object({ Period: z.number(), EvaluationPeriods: z.number() });

const FUNCTIONS = ['Features', 'Predict', 'Report', 'OnFailure', 'Resume'];

/** The metrics that an alarm looks at: namespace, name, then dimensions and their values. */
function metricsOf(properties: Record<string, unknown>): string[] {
  const { Metrics } = alarmSchema.parse(properties);
  const statistics = z.array(z.object({ Metric: metricSchema }));
  const metrics = Metrics
    ? statistics.parse(Metrics.flatMap(({ MetricStat }) => MetricStat ?? [])).map(({ Metric }) => Metric)
    : [metricSchema.parse(properties)];
  return metrics.map(({ Namespace, MetricName, Dimensions }) =>
    [Namespace, MetricName, ...Dimensions.flat()].join(' '),
  );
}

const alarms = (template: Template) => template.ofType('AWS::CloudWatch::Alarm');

/** The alarm of an endpoint that fails. */
const failuresOf = (call: string) => `${call[0]?.toUpperCase()}${call.slice(1)}Failures`;

describe('an alarm', () => {
  it.each([
    ['FeaturesErrors', ['AWS/Lambda Errors FunctionName FeaturesLambdaFunction'], 0, 'notBreaching'],
    ['PredictErrors', ['AWS/Lambda Errors FunctionName PredictLambdaFunction'], 0, 'notBreaching'],
    ['ReportErrors', ['AWS/Lambda Errors FunctionName ReportLambdaFunction'], 0, 'notBreaching'],
    ['OnFailureErrors', ['AWS/Lambda Errors FunctionName OnFailureLambdaFunction'], 0, 'notBreaching'],
    ['ResumeErrors', ['AWS/Lambda Errors FunctionName ResumeLambdaFunction'], 0, 'notBreaching'],
    // Half of maximumEventAge, 21,600 s, in milliseconds.
    ['PredictBacklog', ['AWS/Lambda AsyncEventAge FunctionName PredictLambdaFunction'], 10_800_000, 'notBreaching'],
    [
      'FailedEventsWaiting',
      ['AWS/SQS ApproximateNumberOfMessagesVisible QueueName FailedEvents.QueueName'],
      0,
      // SQS gives no metrics of a queue that nobody has used for six hours, whatever lies in it.
      'ignore',
    ],
    // Nobody looks after runs any more.
    ['RunsOverdue', ['member-offers RunsOverdue stage prod'], 0, 'missing'],
    ...CALLS.map(
      (endpoint) =>
        [
          failuresOf(endpoint),
          ['Errors', 'Requests'].map((name) => `member-offers Endpoint${name} stage prod endpoint ${endpoint}`),
          5,
          'notBreaching',
        ] as const,
    ),
  ] as const)(
    'looks at what it is for, and treats what is missing on purpose: %s',
    (name, metrics, threshold, missing) => {
      const alarm = prod.properties(name);
      expect(metricsOf(alarm)).toEqual(metrics);
      expect(alarm).toMatchObject({
        Threshold: threshold,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: missing,
      });
    },
  );

  it('is one of those above, with a name and a description of its own', () => {
    expect(alarms(prod)).toHaveLength(8 + CALLS.length);
    const names = alarms(prod).map(([, properties]) => alarmSchema.parse(properties).AlarmName);
    expect(new Set(names).size).toBe(8 + CALLS.length);
    for (const name of names) expect(name).toMatch(/^member-offers-prod-\w+-\w+$/);
  });

  it.each(CALLS.map(failuresOf))('needs more than a few failures: %s', (name) => {
    const [rate, ...others] = alarmSchema.parse(prod.properties(name)).Metrics ?? [];
    expect(rate?.Expression).toBe('IF(errors >= 20, 100 * errors / requests, 0)');
    expect(others.map(({ Id }) => Id)).toEqual(['errors', 'requests']);
  });

  it.each(FUNCTIONS)('looks back as far as an invocation of the function may have begun: %s', (name) => {
    const { Period, EvaluationPeriods } = periodSchema.parse(prod.properties(`${name}Errors`));
    const { Timeout } = z.object({ Timeout: z.number() }).parse(prod.properties(`${name}LambdaFunction`));
    // The invocation's own period, which may have just begun, and all after it.
    expect(Period * (EvaluationPeriods - 1)).toBeGreaterThanOrEqual(Timeout);
    expect(prod.properties(`${name}Errors`)).toMatchObject({ DatapointsToAlarm: 1 });
  });

  it('goes to the topic that was named, and nowhere without one', () => {
    for (const [, alarm] of alarms(prod)) expect(alarm).toMatchObject({ AlarmActions: [TOPIC], OKActions: [TOPIC] });
    expect(prod.properties('RunsOverdue')).toMatchObject({ InsufficientDataActions: [TOPIC] });
    for (const [, alarm] of alarms(dev))
      expect(Object.keys(alarm).filter((key) => key.endsWith('Actions'))).toEqual([]);
  });
});

const widgetSchema = z.looseObject({
  type: z.enum(['metric', 'alarm', 'log']),
  ...{ x: z.int(), y: z.int(), width: z.int(), height: z.int() },
  properties: z.looseObject({
    title: z.string(),
    region: z.string().optional(),
    alarms: z.array(z.string()).optional(),
    metrics: z.array(z.array(z.union([z.string(), z.looseObject({})]))).default([]),
  }),
});
const dashboardSchema = z.object({ widgets: z.array(widgetSchema) });

const widgetsOf = (template: Template) =>
  dashboardSchema.parse(JSON.parse(String(template.properties('Dashboard').DashboardBody))).widgets;

/** A widget's metrics, written out: `...` stands for what is as in the one before. */
function shownBy({ properties }: z.infer<typeof widgetSchema>): string[][] {
  const shown: string[][] = [];
  for (const metric of properties.metrics) {
    const [first, ...others] = metric.filter((part) => typeof part === 'string');
    if (first === undefined) continue;
    const before = shown.at(-1) ?? [];
    shown.push(first === '...' ? [...before.slice(0, before.length - others.length), ...others] : [first, ...others]);
  }
  return shown;
}

describe('the dashboard', () => {
  it('shows every metric of the functions, with the dimensions that they give it', () => {
    const shown = widgetsOf(prod)
      .flatMap(shownBy)
      .filter(([namespace]) => namespace === NAMESPACE);
    expect(new Set(shown.map(([, name]) => name))).toEqual(new Set(Object.keys(METRICS)));
    const known = new Map(Object.entries(METRICS).map(([name, { dimensions }]) => [name, ['stage', ...dimensions]]));
    for (const [, name = '', ...dimensions] of shown) {
      expect([name, dimensions.filter((_, index) => index % 2 === 0)]).toEqual([name, known.get(name)]);
      expect(dimensions[1]).toBe('prod');
    }
  });

  it('shows every alarm, in its own region', () => {
    const widgets = widgetsOf(prod);
    const names = alarms(prod).map(([name]) => `${name}.Arn`);
    expect(widgets.flatMap(({ properties }) => properties.alarms ?? []).toSorted()).toEqual(names.toSorted());
    for (const { type, properties } of widgets) expect(properties.region).toBe(type === 'alarm' ? undefined : REGION);
    expect(prod.properties('Dashboard').DashboardName).toBe('member-offers-prod');
  });

  it('has nothing on top of another, and nothing beside the grid of 24 columns', () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgetsOf(prod)) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column++) {
        for (let row = y; row < y + height; row++) {
          expect(taken).not.toContain(`${column} ${row}`);
          taken.add(`${column} ${row}`);
        }
      }
    }
  });

  it('names only functions that there are', () => {
    const text = String(prod.properties('Dashboard').DashboardBody);
    const named = new Set(text.match(/member-offers-prod-\w+/g));
    const functions = prod.ofType('AWS::Lambda::Function').map(([, { FunctionName }]) => FunctionName);
    expect([...named].toSorted()).toEqual(functions.toSorted());
  });
});

describe('the functions', () => {
  it('are told the stage, which their metrics have as a dimension', () => {
    for (const [, properties] of prod.ofType('AWS::Lambda::Function')) {
      expect(properties).toMatchObject({ Environment: { Variables: { STAGE: 'prod' } } });
    }
  });
});
