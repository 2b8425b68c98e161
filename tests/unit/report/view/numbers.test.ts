import {
  formatMs,
  formatPrediction,
  formatShare,
  formatShortValue,
  formatValue,
  shareOf,
} from '../../../../lib/report/view/numbers.ts';

describe('numbers on the page', () => {
  it('do not show a small share as none', () => {
    expect([0.0004, 0, 0.012, 1].map(formatShare)).toEqual(['<0.1%', '0%', '1.2%', '100%']);
  });

  it('have no share of nothing', () => {
    expect(shareOf(0, 0)).toBe(0);
  });

  it('stay short however large or small they are', () => {
    expect([1e15, -1e15, 199.8].map(formatValue)).toEqual(['1E15', '-1E15', '199.8']);
    expect([1500, 2e14, 1e16].map(formatShortValue)).toEqual(['1.5K', '200T', '1E16']);
    expect([10_923.4, 308.384, 0.0499114, 0.00000531].map(formatPrediction)).toEqual([
      '10,923',
      '308.4',
      '0.04991',
      '<0.0001',
    ]);
    expect([0.5, 12_345.6].map(formatMs)).toEqual(['0.50', '12,346']);
  });

  it('have an exponent rather than row upon row of zeros, and no zero below zero', () => {
    expect([5e-324, -1.7e308, 1e-9, -0, 0].map(formatValue)).toEqual(['5E-324', '-1.7E308', '0.000000001', '0', '0']);
    expect([5e-324, -2e-7, 0.000001, -0].map(formatShortValue)).toEqual(['5E-324', '-2E-7', '0.000001', '0']);
    expect([5e-324, -5e-324, 1.7e308, -0].map(formatPrediction)).toEqual(['<0.0001', '>-0.0001', '1.7E308', '0']);
  });

  it('say that the largest of expected values stands for all beyond it', () => {
    expect([Number.MAX_VALUE, -Number.MAX_VALUE].map(formatValue)).toEqual(['1.798E308 or more', '-1.798E308 or less']);
  });
});
