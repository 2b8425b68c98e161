import { checkStageName } from '../../../../local/deployment/stage-name.ts';

it.each(['dev', 'prod', 'pr-17', '2', 'a'.repeat(21)])('lets a stage be called %s', (stage) => {
  expect(() => checkStageName(stage)).not.toThrow();
});

it.each(['Dev', 'PROD', 'dev_1', 'dev.1', 'dév', '-dev', 'dev-', '', 'a'.repeat(22)])(
  'refuses a stage that no bucket could be named after: %j',
  (stage) => {
    expect(() => checkStageName(stage)).toThrow(`The stage cannot be called "${stage}"`);
  },
);

it('allows as many characters as leave the bucket a name of 63', () => {
  expect(`member-offers-${'a'.repeat(21)}-123456789012-ap-southeast-1`).toHaveLength(63);
  expect(() => checkStageName('a'.repeat(22))).toThrow('21 characters at the most');
});
