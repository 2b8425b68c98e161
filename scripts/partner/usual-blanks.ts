/** What programs write where there is nothing: what `default.yml` has, and what a partner's first file begins with. */
export const USUAL_BLANKS: readonly string[] = [
  'NA',
  'N/A',
  '#N/A',
  'n.a.',
  'NaN',
  'NaT',
  '<NA>',
  'null',
  '(null)',
  '\\N',
  'nil',
  'None',
  '-',
  '0000-00-00',
  '0000-00-00 00:00:00',
];
