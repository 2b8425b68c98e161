import { NeededColumns } from '../../../lib/transactions/columns.ts';
import { DEFAULT } from '../../default-partner.ts';

it('a header that is quoted shows what cannot be printed as such', () => {
  expect(() => new NeededColumns(DEFAULT.input).find(['A\u0007B', 'C'], ',', 10)).toThrow('but it is "A\uFFFDB,C"');
});
