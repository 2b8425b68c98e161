import { integrityComplaints } from '../../../../scripts/dependencies/integrity.ts';

const integrity = `sha512-${'A'.repeat(86)}==`;

it('has nothing against packages that npm compares with a hash, whether or not it is said where they are from', () => {
  expect(
    integrityComplaints({
      packages: {
        '': {},
        'node_modules/zeta': { version: '1.0.0', integrity },
        'node_modules/alpha': {
          version: '2.0.0',
          resolved: 'https://registry.npmjs.org/alpha/-/alpha-2.0.0.tgz',
          integrity,
          dev: true,
        },
      },
    }),
  ).toEqual([]);
});

it('names every package that has no hash, a weak one or half of one, and how to get it', () => {
  expect(
    integrityComplaints({
      packages: {
        'node_modules/@scope/alpha': { version: '1.0.0' },
        'node_modules/zeta/node_modules/@scope/alpha': {
          version: '2.0.0',
          integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
        },
        'node_modules/zeta': { version: '3.0.0', integrity: integrity.slice(0, 40) },
      },
    }),
  ).toEqual([
    '@scope/alpha@1.0.0 has no integrity (node_modules/@scope/alpha): npm view @scope/alpha@1.0.0 dist.integrity',
    '@scope/alpha@2.0.0 has sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= for its integrity (node_modules/zeta/node_modules/@scope/alpha): npm view @scope/alpha@2.0.0 dist.integrity',
    `zeta@3.0.0 has ${integrity.slice(0, 40)} for its integrity (node_modules/zeta): npm view zeta@3.0.0 dist.integrity`,
  ]);
});

it.each(['https://registry.example.com/zeta-1.0.0.tgz', 'git+ssh://git@github.com/example/zeta.git#1234567'])(
  'refuses a package from elsewhere, whatever its hash: %s',
  (resolved) => {
    expect(
      integrityComplaints({ packages: { 'node_modules/zeta': { version: '1.0.0', resolved, integrity } } }),
    ).toEqual([`zeta@1.0.0 is from ${resolved}, not from https://registry.npmjs.org/`]);
  },
);
