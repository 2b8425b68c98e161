import * as z from 'zod';
import { optional, parseEnvironment } from '../../../functions/environment.ts';

const read = (environment: Record<string, string>) =>
  parseEnvironment({ LIMIT: optional(z.coerce.number().positive()) }, environment).LIMIT;

describe('a variable that need not be set', () => {
  it.each([
    [{ LIMIT: '2.5' }, 2.5],
    [{ LIMIT: '' }, undefined],
    [{}, undefined],
  ])('in %j is %p', (environment, expected) => {
    expect(read(environment)).toBe(expected);
  });

  it.each(['0', '-1', 'many', 'NaN'])('is refused by name when it is %s', (LIMIT) => {
    expect(() => read({ LIMIT })).toThrow(/environment variables cannot be used:[\s\S]*LIMIT/);
  });
});
