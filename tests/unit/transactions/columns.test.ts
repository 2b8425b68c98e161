import { findColumns } from '../../../lib/transactions/columns.ts';

it('a header that is quoted shows what cannot be printed as such', () => {
  expect(() => findColumns(['A\u0007B', 'C'], ',', 10)).toThrow('but it is "A\uFFFDB,C"');
});
