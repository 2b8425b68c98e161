import { counted } from '../../lib/counted.ts';

it('names agree with how many of them there are', () => {
  expect([1, 0, 2000].map((members) => counted(members, 'member'))).toEqual(['1 member', '0 members', '2,000 members']);
  expect(counted(2, 'copy', 'copies')).toBe('2 copies');
});
