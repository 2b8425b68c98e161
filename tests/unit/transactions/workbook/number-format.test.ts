import { filledTemplate, numberFormatOf } from '../../../../lib/transactions/workbook/number-format.ts';

const kindOf = (code: string) => {
  const format = numberFormatOf(164, code);
  return format.kind === 'number'
    ? format.sign || (format.template === undefined ? 1 : filledTemplate(format.template, '42'))
    : format.kind;
};

it.each([
  ['yyyy-mm-dd', 'date'],
  ['dd/mm/yyyy hh:mm', 'date'],
  ['[$-409]d-mmm-yy;@', 'date'],
  ['[$-F800]dddd, mmmm dd, yyyy', 'date'],
  ['yyyy"年"m"月"d"日"', 'date'],
  ['mmm-yy', 'date'],
  ['m/d/yy h:mm AM/PM', 'date'],
  ['h:mm:ss', 'time'],
  ['hh:mm AM/PM', 'time'],
  ['mm:ss.0', 'time'],
  ['General', 1],
  ['GENERAL', 1],
  ['@', 1],
  ['0', 1],
  ['0.00', 1],
  ['#,##0.00;[Red]-#,##0.00', 1],
  ['0.00E+00', 1],
  ['# ?/?', 1],
  ['"days" 0', 'days 42'],
  ['0 "Stück"', '42 Stück'],
  ['[h]:mm:ss', 1],
  ['[mm]:ss', 1],
  ['00000', '00042'],
  ['"M"0000', 'M0042'],
  ['[Red]0000', '0042'],
  ['0000_)', '0042'],
  ['000\\-00\\-0000', '000-00-0042'],
  ['00000\\-0000', '00000-0042'],
  ['0-0', '4-2'],
  ['"N"0', 'N42'],
  ['#', 1],
  ['"N"#', 'N42'],
  ['0%', '%'],
  ['0.00%', '%'],
  ['#,##0.00\\ "€"', '€'],
  ['[$€-407] #,##0.00', '€'],
  ['_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)', '$'],
  ['$#,##0', '$'],
  ['#,##0 [$USD]', 'USD'],
  ['"EUR" 0.00', 'EUR'],
  ['0.00\\ \\E\\U\\R', 'EUR'],
  ['General" €"', '€'],
  ['[$R-1C09]\\ #,##0.00', 'R'],
  ['_-* #,##0.00\\ _€_-;\\-* #,##0.00\\ _€_-;_-* "-"??\\ _€_-;_-@_-', 1],
  ['[=0]"";yyyy-mm-dd', 'date'],
  [`${'0'.repeat(256)}`, 1],
  ['0;"a;b"yyyy', 1],
  ['0.00 "pts"', 1],
  ['', 1],
])('%s shows %s', (code, expected) => {
  expect(kindOf(code)).toBe(expected);
});

it.each([
  [0, 'number'],
  [14, 'date'],
  [22, 'date'],
  [20, 'time'],
  [46, 'number'],
  [47, 'time'],
  [49, 'number'],
  [57, 'date'],
  [163, 'number'],
])('the format %i, which needs no code, shows a %s', (id, kind) => {
  expect(numberFormatOf(id, undefined).kind).toBe(kind);
});
