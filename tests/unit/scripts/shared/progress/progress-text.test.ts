import { bytes } from '../../../../../scripts/shared/progress/progress-text.ts';

describe('a number of bytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_951, '1.0 MB'],
    [50_353_066, '50.4 MB'],
    [999_951_000, '1.0 GB'],
    [12_345_000_000, '12.3 GB'],
  ])('such as %d is written %s', (many, text) => {
    expect(bytes(many)).toBe(text);
  });
});
