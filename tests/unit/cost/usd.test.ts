import { estimatedUsd, formatUsd } from '../../../lib/cost/usd.ts';

describe('an amount of USD', () => {
  it.each([
    [0, '$0.00'],
    [0.0000009, '<$0.000001'],
    [0.00003431, '$0.000034'],
    [0.0001, '$0.0001'],
    [0.001123, '$0.0011'],
    [0.0234, '$0.023'],
    [0.05, '$0.05'],
    [0.0996, '$0.10'],
    [0.5, '$0.50'],
    [0.999, '$1.00'],
    [3.456, '$3.46'],
    [1234.567, '$1,234.57'],
  ])('shows of %d what there is to tell: %s', (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });

  it('says whether an estimate leaves something out', () => {
    expect(estimatedUsd({ usd: 0.02, isLowerBound: false })).toBe('about $0.02');
    expect(estimatedUsd({ usd: 0.02, isLowerBound: true })).toBe('at least $0.02');
  });
});
