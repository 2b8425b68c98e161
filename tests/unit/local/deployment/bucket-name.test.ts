import { checkBucketName } from '../../../../local/deployment/bucket-name.ts';

it.each(['member-offers-dev', 'a.b', '123', `${'a'.repeat(63)}`, 'offers-an', 'x--y', 'a1.2.3.4'])(
  'lets a bucket be called %s',
  (name) => {
    expect(() => checkBucketName(name)).not.toThrow();
  },
);

it.each([
  ...[
    '',
    'ab',
    'a'.repeat(64),
    'My-Bucket',
    'my_bucket',
    'bücket',
    'my bucket',
    '../offers',
    'a/b',
    '-ab',
    'ab-',
    '.ab',
  ],
  ...['ab.', 'a..b', '192.168.5.4', 'xn--offers', 'sthree-offers', 'amzn-s3-demo-offers'],
  ...['offers-s3alias', 'offers--ol-s3', 'offers.mrap', 'offers--x-s3', 'offers--table-s3', 'offers\n'],
])('refuses a name that S3 would: %j', (name) => {
  expect(() => checkBucketName(name)).toThrow(`No bucket can be called "${name}", see BUCKET: 3 to 63 lower-case`);
});
