import { addressSchema, shownAddress } from '../../lib/address.ts';

function problemOf(address: string): string | undefined {
  return addressSchema.safeParse(address).error?.issues[0]?.message;
}

describe('the address of an endpoint', () => {
  it.each([
    'https://models.example/ats?version=2',
    'https://10.0.0.1:8443/ats',
    'http://localhost:8000/ats',
    'http://127.0.0.1/',
    'http://127.89.91.10:1/',
    'http://[::1]:8000/',
    // 127.0.0.1 in other words.
    'http://127.1/',
    'http://0x7f000001/',
  ])('may be %s', (address) => {
    expect(addressSchema.parse(address)).toEqual(new URL(address));
  });

  it.each([
    'http://models.example/ats',
    'http://10.0.0.1/',
    'http://localhost.models.example/',
    'http://127.0.0.1.models.example/',
    'http://[::2]/',
    'http://0.0.0.0/',
    'ftp://models.example/',
    'ftp://localhost/',
    'localhost:8000',
    'file:///ats',
  ])('may not be %s, which does not protect what is sent', (address) => {
    expect(problemOf(address)).toMatch(/^must be an https address; http is for this machine alone/);
  });

  it.each(['sesame', 'http:// sesame', ''])('is none when it is %j', (text) => {
    expect(problemOf(text)).toBe('must be an https address');
  });

  it.each(['https://key@models.example/', 'https://:pass@models.example/', 'http://me:pass@localhost/'])(
    'holds no credentials, as %s does',
    (address) => {
      expect(problemOf(address)).toMatch(/^must not hold a user name or password: send them as a header/);
    },
  );

  it('is not quoted when it cannot be used, because it may hold what is secret', () => {
    const problems = ['sesame', 'http://sesame.example', 'https://a:sesame@b', 'http:// sesame'].map(problemOf);
    expect(problems).toHaveLength(4);
    for (const problem of problems) expect(problem).not.toMatch(/sesame/);
  });
});

describe('an address that people see', () => {
  it.each([
    ['https://models.example:8443/ml/ats?token=secret#part', 'https://models.example:8443/ml/ats'],
    ['https://me:secret@models.example/', 'https://models.example/'],
    ['http://[::1]:8000/ats', 'http://[::1]:8000/ats'],
  ])('is of %s %s', (address, shown) => {
    expect(shownAddress(new URL(address))).toBe(shown);
  });
});
