import { readFileSync } from 'node:fs';
import { USUAL_BLANKS } from '../../../../scripts/partner/usual-blanks.ts';
import { DEFAULT } from '../../../default-partner.ts';

const INPUT = readFileSync('docs/input.md', 'utf8');

it('blanks of a first partner file are those of default.yml', () => {
  expect(DEFAULT.input.missingValues).toEqual(USUAL_BLANKS);
});

it('blanks of default.yml are those of the documentation', () => {
  const [listed = ''] = /A cell is blank when [^.]*?one of (?:`[^`]+`[,\s]*(?:and\s)?)+/.exec(INPUT) ?? [];
  expect(Array.from(listed.matchAll(/`([^`]+)`/g), ([, blank]) => blank)).toEqual(USUAL_BLANKS);
});
