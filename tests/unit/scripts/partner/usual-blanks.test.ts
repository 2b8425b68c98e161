import { USUAL_BLANKS } from '../../../../scripts/partner/usual-blanks.ts';
import { DEFAULT } from '../../../default-partner.ts';

it('blanks of a first partner file are those of default.yml', () => {
  expect(DEFAULT.input.missingValues).toEqual(USUAL_BLANKS);
});
