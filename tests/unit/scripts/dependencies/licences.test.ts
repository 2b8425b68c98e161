import { licenceComplaints, licencesText, shippedLicences } from '../../../../scripts/dependencies/licences.ts';

const licences = shippedLicences({
  packages: {
    '': { license: 'MIT' },
    'node_modules/zeta': { license: 'MIT' },
    'node_modules/@scope/alpha': { license: 'MIT' },
    'node_modules/zeta/node_modules/@scope/alpha': { license: 'ISC' },
    'node_modules/other/node_modules/zeta': { license: 'MIT' },
    'node_modules/silent': {},
    'node_modules/tool': { license: 'GPL-3.0-only', dev: true },
  },
});

it('lists by licence what is shipped, each package once, and not what serves development alone', () => {
  expect([...licences]).toEqual([
    ['ISC', ['@scope/alpha']],
    ['MIT', ['@scope/alpha', 'zeta']],
    ['none stated', ['silent']],
  ]);
  expect(licencesText(licences)).toContain('## MIT\n\n@scope/alpha, zeta\n');
});

it('refuses a licence that is not allowed, and a package that states none', () => {
  expect(licenceComplaints(licences, ['MIT', 'ISC'])).toEqual([
    'none stated is not among the allowed licences: silent',
  ]);
  expect(licenceComplaints(licences, ['MIT', 'none stated'])).toEqual([
    'ISC is not among the allowed licences: @scope/alpha',
  ]);
});
