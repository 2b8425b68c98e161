import * as z from 'zod';
import { EnvironmentError, parseEnvironment } from '../../../functions/environment.ts';
import { s3EventSchema } from '../../../functions/s3-events.ts';

function eventFor(key: string, more: Record<string, unknown> = {}) {
  return {
    Records: [
      {
        eventTime: '2024-01-31T10:15:02.123Z',
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: 'offers' }, object: { key, size: 1, eTag: 'e', sequencer: '0055', ...more } },
      },
    ],
  };
}

/** As in https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html. */
const TEST_EVENT = {
  Service: 'Amazon S3',
  Event: 's3:TestEvent',
  Time: '2024-01-31T10:15:02.123Z',
  Bucket: 'offers',
  RequestId: '5582815E1AEA5ADF',
  HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE',
};

describe('an event of S3', () => {
  it('tells of the object that was created', () => {
    expect(s3EventSchema.parse(eventFor('uploads/a.csv'))).toEqual({
      objects: [
        {
          bucket: 'offers',
          key: 'uploads/a.csv',
          etag: 'e',
          bytes: 1,
          sequencer: '0055',
          createdAt: new Date('2024-01-31T10:15:02.123Z'),
        },
      ],
    });
  });

  it('may do without the size of the object', () => {
    const { objects } = s3EventSchema.parse(eventFor('uploads/a.csv', { size: undefined }));
    expect(objects).toHaveLength(1);
    expect(objects[0]).not.toHaveProperty('bytes');
  });

  it('tells which version of the object it is, when the bucket keeps versions', () => {
    const event = s3EventSchema.parse(eventFor('uploads/a.csv', { versionId: '096fKKXTRTtl3on89fVO' }));
    expect(event.objects).toMatchObject([{ etag: 'e', versionId: '096fKKXTRTtl3on89fVO' }]);
  });

  it.each([[{}], [{ versionId: null }]])('tells of no version when the bucket keeps none: %j', (more) => {
    const { objects } = s3EventSchema.parse(eventFor('uploads/a.csv', more));
    expect(objects).toHaveLength(1);
    expect(objects[0]).not.toHaveProperty('versionId');
  });

  it.each([
    ['uploads/my+file%2B1+(%C3%A9).csv', 'uploads/my file+1 (é).csv'],
    ['uploads/100%25.csv', 'uploads/100%.csv'],
  ])('has its key %s decoded', (encoded, key) => {
    expect(s3EventSchema.parse(eventFor(encoded)).objects[0]?.key).toBe(key);
  });

  it('may be no more than a test that it arrives', () => {
    expect(s3EventSchema.parse(TEST_EVENT)).toEqual({ objects: [], testedBucket: 'offers' });
  });

  it.each([
    ['no records', { Records: [] }],
    ['a key that is not form-encoded', eventFor('uploads/%E9.csv')],
    ['a version that is no text', eventFor('uploads/a.csv', { versionId: 7 })],
    ['another shape', { detail: {} }],
    ['another name than that of the test', { ...TEST_EVENT, Event: 's3:ObjectRemoved:Delete' }],
    ['a test of another service', { ...TEST_EVENT, Service: 'Amazon SNS' }],
  ])('is refused with %s', (_, event) => {
    expect(s3EventSchema.safeParse(event).success).toBe(false);
  });
});

describe('the environment', () => {
  it('is refused by the names of what is missing or cannot be used', () => {
    const read = () => parseEnvironment({ ATS_URL: z.url(), MAX_BATCHES: z.coerce.number() }, { MAX_BATCHES: 'many' });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(/ATS_URL[\s\S]*MAX_BATCHES|MAX_BATCHES[\s\S]*ATS_URL/);
  });
});
