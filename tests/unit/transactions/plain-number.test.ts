import { decimalNumber, wholeNumber } from '../../../lib/transactions/plain-number.ts';
import { SignTally } from '../../../lib/transactions/sign-tally.ts';

const [POINT, COMMA] = [46, 44];

describe('a plain number', () => {
  it.each([
    ['12.50', 12.5],
    ['-12.50', -12.5],
    ['+0.1', 0.1],
    ['.5', 0.5],
    ['5.', 5],
    ['7', 7],
    ['0.1234567890123', 0.123_456_789_012_3],
    ['9007199254740.99', undefined],
    ['123456789012.99', 123_456_789_012.99],
    ['.', undefined],
    ['-', undefined],
    ['-.', undefined],
    ['', undefined],
    ['1.2.3', undefined],
    ['1e3', undefined],
    ['1,5', undefined],
  ])('is %j as Number reads it, or left to others', (cell, value) => {
    expect(decimalNumber(cell, POINT, new SignTally())).toBe(value);
  });

  it.each([
    ['-500', -500],
    ['500', 500],
    ['12.50', undefined],
    ['-', undefined],
    ['', undefined],
  ])('that is whole is %j', (cell, value) => {
    expect(wholeNumber(cell)).toBe(value);
  });

  it('has no other decimal sign than that of its column', () => {
    expect(decimalNumber('-12,50', COMMA, new SignTally())).toBe(-12.5);
    expect(decimalNumber('12.50', COMMA, new SignTally())).toBeUndefined();
  });

  it('is counted where it could have a point between groups, or says that it has none', () => {
    const tally = new SignTally();
    for (const cell of ['1.500', '-12.500', '123.456', '0.500', '1234.500', '.500', '12.50', '7']) {
      decimalNumber(cell, POINT, tally);
    }
    tally.contradicting = 2;
    expect(tally.agreeing).toBe(4);
    const check = tally.checkOf('N', { cell: '12.50', column: 'PRICE' }, ['point', 'comma']);
    expect(check?.advice).toMatch(
      /^In N, 3 numbers such as 1.500 were .* because of 12.50 of PRICE, and 2 others have/,
    );
  });
});
