import { notificationOf, subscribersOf, subscriptionsOf } from '../../../../local/lambda/notification.ts';
import type { CreatedObject } from '../../../../local/s3/store.ts';

function created(object: Partial<CreatedObject>): CreatedObject {
  return {
    bucket: 'offers',
    key: 'uploads/default/file.csv',
    size: 3,
    etag: '9dd4e461268c8034f5c8564e155c67a6',
    cause: 'Put',
    sequencer: '0006000000000000AA',
    createdAt: new Date('2024-01-31T10:15:02.123Z'),
    ...object,
  };
}

function s3(event: object | string) {
  return { events: [{ s3: event }] };
}

describe('a notification', () => {
  it('has the shape that S3 sends', () => {
    const [record] = notificationOf(created({})).Records;
    expect(record).toMatchObject({
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: '2024-01-31T10:15:02.123Z',
      eventName: 'ObjectCreated:Put',
      s3: {
        bucket: { name: 'offers', arn: 'arn:aws:s3:::offers' },
        object: {
          key: 'uploads/default/file.csv',
          size: 3,
          eTag: '9dd4e461268c8034f5c8564e155c67a6',
          sequencer: '0006000000000000AA',
        },
      },
    });
  });

  it.each([
    ['uploads/default/my file+1 (é).csv', 'uploads/default/my+file%2B1+%28%C3%A9%29.csv'],
    ['uploads/a&b=c?d#e%41.csv', 'uploads/a%26b%3Dc%3Fd%23e%2541.csv'],
    ['uploads/a//b/.csv', 'uploads/a//b/.csv'],
  ])('carries the key %s as a form would', (key, encoded) => {
    const object = notificationOf(created({ key })).Records[0]?.s3.object;
    expect(object?.key).toBe(encoded);
  });

  it('names the version where the bucket keeps them', () => {
    const object = (versionId?: string) =>
      JSON.parse(JSON.stringify(notificationOf(created({ versionId })).Records[0]?.s3.object));
    expect(object('v1').versionId).toBe('v1');
    expect(Object.keys(object())).toEqual(['key', 'size', 'eTag', 'sequencer']);
  });

  it.each([
    ['Post', 'ObjectCreated:Post'],
    ['Copy', 'ObjectCreated:Copy'],
    ['CompleteMultipartUpload', 'ObjectCreated:CompleteMultipartUpload'],
  ] as const)('says how the object came about: %s', (cause, eventName) => {
    expect(notificationOf(created({ cause })).Records[0]?.eventName).toBe(eventName);
  });
});

describe('subscriptions', () => {
  const subscriptions = subscriptionsOf({
    features: {
      handler: 'functions/features.handler',
      events: [
        { s3: { bucket: 'offers', event: 's3:ObjectCreated:*', rules: [{ prefix: 'uploads/' }, { suffix: '.csv' }] } },
        { s3: { bucket: 'offers', event: 's3:ObjectCreated:*', rules: [{ prefix: 'uploads/' }, { suffix: '.CSV' }] } },
      ],
    },
    copies: s3({ bucket: 'offers', event: 's3:ObjectCreated:Copy' }),
    everything: s3('offers'),
    other: s3('another-bucket'),
    endpoints: { url: true },
  });
  const subscribers = (object: Partial<CreatedObject>) => subscribersOf(created(object), subscriptions);

  it('are met by prefix, suffix and kind of event', () => {
    expect(subscribers({ key: 'uploads/a.csv' })).toEqual(['features', 'everything']);
    expect(subscribers({ key: 'uploads/a.CSV' })).toEqual(['features', 'everything']);
    expect(subscribers({ key: 'uploads/a.txt' })).toEqual(['everything']);
    expect(subscribers({ key: 'old/uploads/a.csv' })).toEqual(['everything']);
    expect(subscribers({ key: 'a', cause: 'Copy' })).toEqual(['copies', 'everything']);
  });

  it('take filters literally', () => {
    const dotted = subscriptionsOf({ f: s3({ bucket: 'offers', rules: [{ suffix: '.csv' }] }) });
    expect(subscribersOf(created({ key: 'uploads/notcsv' }), dotted)).toEqual([]);
  });

  it('are of one bucket', () => {
    expect(subscribers({ bucket: 'another-bucket' })).toEqual(['other']);
  });

  it('may call their bucket by the name that serverless.yml has for it', () => {
    const named = subscriptionsOf({ f: s3({ bucket: 'ours' }) }, { ours: { name: 'offers' } });
    expect(subscribersOf(created({}), named)).toEqual(['f']);
  });

  it('start a function once for an object, however many of its filters match', () => {
    const twice = { events: [{ s3: 'offers' }, { s3: { bucket: 'offers', rules: [{ prefix: 'uploads/' }] } }] };
    expect(subscribersOf(created({}), subscriptionsOf({ twice }))).toEqual(['twice']);
  });
});
