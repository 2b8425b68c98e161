import { readFileSync } from 'node:fs';
import { urlOf } from '../../../lib/partners/call-url.ts';
import { PartnerFileError, readPartnerFile } from '../../../lib/partners/partner-file.ts';

const FEATURES = `input:
  fields:
    member: { titles: [CUSTOMER], type: string, required: true }
    time: { titles: [DATE], type: datetime, required: true }
    kind: { titles: [KIND], type: string, enum: { buy: [purchase], gift: [] } }
    spend: { titles: [SPEND], type: number, default: 0 }
    rating: { titles: [RATING], type: number }
features:
  SPEND: { sum: spend }
`;
const MODELS = `models:
  score: { title: score, url: "${urlOf('SCORE_URL')}" }
`;
const TEXT = `${FEATURES}${MODELS}`;
const FIRST_FEATURE = 9;

const read = (text: string) => readPartnerFile('partners/acme.yml', text);

/** What is wrong with a file, without its path. */
function mistakes(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof PartnerFileError)) throw error;
    return error.message.split('\n').map((line) => line.replace('partners/acme.yml:', ''));
  }
}

const features = (count: number) => Array.from({ length: count }, (_, n) => `  F${n}: { sum: spend }\n`).join('');
const TOO_LONG = '1: the file is longer than 128 KiB: 200 features, the most there can be, take far less';

const withFeatures = (...lines: string[]) =>
  mistakes([FEATURES, ...lines.map((line) => `  ${line}\n`), MODELS].join(''));
const withField = (field: string) => mistakes(TEXT.replace('features:', `    ${field}\nfeatures:`));

describe('a partner file', () => {
  it('says how files are read and what the features are', () => {
    const { file, digest, definition } = read(TEXT);
    expect({ file, digest }).toEqual({ file: 'acme.yml', digest: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(definition.input.fields.kind).toEqual({
      titles: ['KIND'],
      type: 'string',
      enum: { buy: ['purchase'], gift: [] },
    });
    expect(definition.features).toEqual({ SPEND: { sum: 'spend' } });
  });

  it('has another digest as soon as a letter of it changes', () => {
    expect(read(TEXT).digest).not.toBe(read(`${TEXT}# a remark\n`).digest);
  });

  it('that comes with the project can be used', () => {
    expect(() => readPartnerFile('default.yml', readFileSync('partners/default.yml', 'utf8'))).not.toThrow();
  });
});

describe('a mistake in a partner file', () => {
  it.each([
    ['a key that is not known', 'A: { sum: spend, lsat: 3 }', 'features.A.lsat: is not known here; did you mean last?'],
    [
      'a function that is not known',
      'A: { average: spend }',
      /features.A.average: is not known here; there is count, /,
    ],
    ['no function', 'A: { last: 3 }', /features.A: must have a function, one of count, sum, /],
    [
      'two functions',
      'A: { sum: spend, mean: spend }',
      'features.A.mean: is a second function beside sum: make it another feature',
    ],
    ['a field that there is not', 'A: { sum: spent }', 'features.A.sum: there is no field spent; did you mean spend?'],
    [
      'a field of another type',
      'A: { sum: time }',
      'features.A.sum: is over fields of type number, and time is datetime',
    ],
    [
      'days since a number',
      'A: { daysSinceLast: spend }',
      'features.A.daysSinceLast: is over fields of type datetime, and spend is number',
    ],
    [
      'a condition over a number',
      'A: { sum: spend, where: { spend: "1" } }',
      'features.A.where.spend: is over fields with an enum, and spend has none',
    ],
    [
      'a value that there is not',
      'A: { share: { kind: by } }',
      'features.A.share.kind: there is no value by in the enum of kind; did you mean buy?',
    ],
    ['too many latest ones', 'A: { sum: spend, last: 11 }', 'features.A.last: must be a whole number from 1 to 10'],
    ['no days', 'A: { sum: spend, days: 0 }', 'features.A.days: must be a whole number from 1 to 36500'],
    [
      'a mean of none',
      'A: { mean: spend, days: 30 }',
      /features.A: needs a default, what a member has without a transaction in 30 days: 0 would say/,
    ],
    [
      'a day of none',
      'A: { daysSinceLast: time, where: { kind: buy } }',
      /features.A: needs a default, what a member has without a transaction of its where/,
    ],
    [
      'a mean of what may be blank',
      'A: { mean: rating }',
      /features.A: needs a default, what a member has whose rating is always blank/,
    ],
    [
      'a default of a count',
      'A: { count: spend, default: 1 }',
      'features.A.default: is never used, because a count of none is 0',
    ],
    [
      'a name of a step',
      'read: { sum: spend }',
      'features.read: cannot be the name of a feature, because a step of each run is called so',
    ],
    ['an empty name', '"": { sum: spend }', 'features."": a name must not be empty'],
    ['a name that programs trip over', '__proto__: { sum: spend }', '__proto__ cannot be a name'],
    ['a number that is none', 'A: { mean: rating, default: .nan }', 'features.A.default: must be a number'],
  ])('is told with its line: %s', (_, feature, message) => {
    const [first = '', ...others] = withFeatures(feature);
    expect(first.slice(0, first.indexOf(' '))).toBe(`${FIRST_FEATURE + 1}:`);
    const text = first.slice(first.indexOf(' ') + 1);
    if (typeof message === 'string') expect(text).toBe(message);
    else expect(text).toMatch(message);
    expect(others).toEqual([]);
  });

  it.each([
    [
      'a title of two fields',
      'more: { titles: [spend], type: number }',
      'more.titles.0: is the title SPEND of the field spend, too: case and signs do not count',
    ],
    [
      'a title of signs',
      'more: { titles: ["#"], type: number }',
      'more.titles.0: must have a letter or a digit, because nothing else is compared',
    ],
    ['no titles', 'more: { type: number }', 'more.titles: must be a list of names, as in [MEMBER_ID]'],
    ['a type that is not known', 'more: { titles: [M], type: date }', 'more.type: must be string, number or datetime'],
    ['a text that may be anything', 'more: { titles: [M], type: string }', /more: needs an enum/],
    [
      'a key of another type',
      'more: { titles: [M], type: number, format: "%d" }',
      'more.format: is for fields of type datetime, and this is number',
    ],
    [
      'a default of another type',
      'more: { titles: [M], type: number, default: "0" }',
      'more.default: must be a number up to 1e15, not in quotes',
    ],
    [
      'a default that is no date',
      'more: { titles: [M], type: datetime, default: 2023-02-29 }',
      /more.default: must be a date/,
    ],
    [
      'a default that is not in the enum',
      'more: { titles: [M], type: string, enum: { a: [] }, default: b }',
      'more.default: must be one of the names in enum',
    ],
    [
      'a default of what must be there',
      'more: { titles: [M], type: number, required: true, default: 0 }',
      /more.default: is never used/,
    ],
    [
      'a spelling of two values',
      'more: { titles: [M], type: string, enum: { a: [X], b: [x] } }',
      'more.enum.b: is written as "x", which means a already',
    ],
    [
      'a separator twice',
      'more: { titles: [M], type: number, groupChar: "." }',
      'more.groupChar: must be another character than decimalChar',
    ],
    [
      'a separator that is a letter',
      'more: { titles: [M], type: number, decimalChar: e }',
      'more.decimalChar: must not be a part of a number itself',
    ],
    [
      'a zone that there is not',
      'more: { titles: [M], type: datetime, timezone: Europe/Berlyn }',
      /more.timezone: is no IANA time zone/,
    ],
    [
      'an offset for a zone',
      'more: { titles: [M], type: datetime, timezone: "+01:00" }',
      /more.timezone: is no IANA time zone/,
    ],
    [
      'a directive that is not known',
      'more: { titles: [M], type: datetime, format: "%d.%m.%Y %Q" }',
      /more.format: cannot be used: %Q is not known in it/,
    ],
    [
      'a format without a year',
      'more: { titles: [M], type: datetime, format: "%d.%m." }',
      /more.format: cannot be used: it must read a year/,
    ],
    [
      'a name that is taken',
      'transactions: { titles: [M], type: number }',
      /transactions: cannot be the name of a field/,
    ],
  ])('in a field is told: %s', (_, field, message) => {
    const [first = '', ...others] = withField(field);
    const text = first.replace('8: input.fields.', '');
    if (typeof message === 'string') expect(text).toBe(message);
    else expect(text).toMatch(message);
    expect(others).toEqual([]);
  });

  it.each(['day/month/year', 'year/month/day', 'excel', '"%d/%m/%Y"'])('may have the format %s for dates', (format) => {
    const definition = TEXT.replace('required: true }\n    kind', `required: true, format: ${format} }\n    kind`);
    expect(read(definition).definition.input.fields.time?.format).toBe(format.replaceAll('"', ''));
  });

  it.each([
    [
      'no member',
      TEXT.replace('member:', 'members:').replace('type: string, required: true', 'type: number'),
      '2: input.fields: must have a field member, which tells members apart',
    ],
    [
      'a member that may be blank',
      TEXT.replace(', required: true }\n    time', ' }\n    time'),
      '3: input.fields.member: must be of type string and required: true, without an enum',
    ],
    ['no time', TEXT.replace('time:', 'when:'), '2: input.fields: must have a field time, which orders transactions'],
    [
      'a time that may be blank',
      TEXT.replace('datetime, required: true', 'datetime'),
      '4: input.fields.time: must be required: true, or have a default, because transactions are ordered by it',
    ],
    [
      'a text without quotes that YAML takes for another thing',
      TEXT.replace('input:\n', 'input:\n  missingValues: [NA, null]\n'),
      '2: input.missingValues.1: must be text; put it in quotes',
    ],
    [
      'a share of rejected rows in percent',
      TEXT.replace('input:\n', 'input:\n  maxRejectedShare: 5\n'),
      '2: input.maxRejectedShare: must be a share of the rows, from 0 to 1, such as 0.05',
    ],
    [
      'no features',
      `${FEATURES.replace(/features:.*/s, 'features: {}\n')}${MODELS}`,
      '8: features: must have at least one feature',
    ],
    ['nothing', '', '1: must be a group of keys such as input, features, models'],
    ['a tab', TEXT.replace('    kind', '\tkind'), '5: a tab cannot indent a line; use spaces'],
    ['a key twice', TEXT.replace('    rating', '    spend'), '7: this key is there already, in the same group'],
    ['a second document', `${TEXT}---\n${TEXT}`, '12: there is a second document after ---, and a file has one'],
    [
      'an alias',
      TEXT.replace('[CUSTOMER]', '&a [CUSTOMER]').replace('[DATE]', '*a'),
      '4: anchors and aliases (& and *) are not read here: write it out',
    ],
    [
      'aliases that explode',
      'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n',
      '2: anchors and aliases (& and *) are not read here: write it out',
    ],
    ['depth', '['.repeat(3000), '1: this is nested too deeply'],
    ['what is no YAML', 'input: {\n', expect.stringMatching(/^\d: this is no YAML: /)],
    [
      'more features than any model takes',
      `${FEATURES}${features(200)}${MODELS}`,
      '8: features: has 201 names, and 200 are the most there can be',
    ],
    ['ten thousand features', `${FEATURES}${features(10_000)}${MODELS}`, TOO_LONG],
    ['a large file', `${TEXT}# ${'x'.repeat(128 * 1024)}`, TOO_LONG],
  ])('of the file as a whole is told in one line: %s', (_, text, message) => {
    expect(mistakes(text)).toEqual([message]);
  });

  it('is told beside the others, in the order of the file', () => {
    const found = withFeatures('A: { sum: spent }', 'B: { mean: rating }', 'C: { count: nothing }');
    expect(found.map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      '10: features.A.sum',
      '11: features.B',
      '12: features.C.count',
    ]);
  });
});

describe('a mistake about what is called', () => {
  const withModels = (...lines: string[]) => mistakes([TEXT, ...lines.map((line) => `${line}\n`)].join(''));
  const model = (changes: string) => `  more: { title: more, url: "https://models.example/more", ${changes} }`;

  it.each([
    [
      'a feature that there is not',
      model('send: [SPENT]'),
      '12: models.more.send.0: there is no feature SPENT; did you mean SPEND?',
    ],
    [
      'a feature that there is not, under another name',
      model('send: { x: SPENT }'),
      '12: models.more.send.x: there is no feature SPENT; did you mean SPEND?',
    ],
    ['no feature', model('send: {}'), '12: models.more.send: must name at least one feature'],
    [
      'a model that is sent a prediction, so that models would wait for each other',
      model('send: [score]'),
      '12: models.more.send.0: there is no feature score; there is SPEND',
    ],
    [
      'a range the other way round',
      model('expected: { from: 1, to: 0 }'),
      /12: models.more.expected: must have its lower end/,
    ],
    [
      'a format that there is not',
      model('format: dollars'),
      /12: models.more.format: must be decimal, whole, percent or/,
    ],
    ['a key that is not known', model('tke: x'), '12: models.more.tke: is not known here; did you mean take?'],
    [
      'a limit that is not known',
      model('requestPerSecond: 1'),
      '12: models.more.requestPerSecond: is not known here; did you mean requestsPerSecond?',
    ],
    [
      'no request at a time',
      model('concurrency: 0'),
      '12: models.more.concurrency: must be a whole number from 1 to 1000',
    ],
    [
      'no request per second',
      model('requestsPerSecond: 0'),
      '12: models.more.requestsPerSecond: must be a number from 0.001 to 10000',
    ],
    [
      'a time with its unit',
      model('timeoutMs: 2s'),
      '12: models.more.timeoutMs: must be a whole number from 1 to 900000',
    ],
    ['half an attempt', model('attempts: 1.5'), '12: models.more.attempts: must be a whole number from 1 to 100'],
    [
      'a limit of the offer by the name of the setting',
      'offer: { url: "https://x.example/", send: { a: score }, maxAttempts: 3 }',
      '12: offer.maxAttempts: is not known here; did you mean attempts?',
    ],
    ['a label that is taken', model('label: Score'), '12: models.more.label: is the label of the model score, too'],
    [
      'the name of a feature',
      '  SPEND: { title: x, url: "https://x.example/" }',
      /^9: features.SPEND: cannot be the name of/,
    ],
    ...['offer', 'total', 'predict', 'partners', 'status', 'failures', 'constructor'].map(
      (name): [string, string, RegExp] => [
        `the name ${name}`,
        `  ${name}: { title: x, label: x, url: "https://x.example/" }`,
        new RegExp(`^12: models.${name}: cannot be the name of a model`),
      ],
    ),
    [
      'a name that is no word',
      '  "a b": { title: x, url: "https://x.example/" }',
      /^12: models.a b: a name must begin with a letter/,
    ],
    ['the name __proto__', '  __proto__: { title: x, url: "https://x.example/" }', '12: __proto__ cannot be a name'],
    ['an address without a url', '  more: { title: more }', '12: models.more.url: must be text; put it in quotes'],
    [
      'http',
      '  more: { title: m, url: "http://models.example/" }',
      /^12: models.more.url: must be an https address; http is/,
    ],
    ['no address', '  more: { title: m, url: models.example }', '12: models.more.url: must be an https address'],
    [
      'a password',
      '  more: { title: m, url: "https://a:b@x.example/" }',
      /^12: models.more.url: must not hold a user name/,
    ],
    ['a query', '  more: { title: m, url: "https://x.example/?key=k" }', /^12: models.more.url: must not have a query/],
    [
      'a part of an address in a variable',
      `  more: { title: m, url: "https://${urlOf('HOST')}/" }`,
      /^12: models.more.url: must be one variable and nothing else/,
    ],
    [
      'more models than anybody calls',
      Array.from({ length: 20 }, (_, n) => `  m${n}: { title: x, url: "https://x.example/" }`).join('\n'),
      '10: models: has 21 names, and 20 are the most there can be',
    ],
    [
      'an offer for a model that there is not',
      'offer: { url: "https://x.example/", send: { a: scores } }',
      '12: offer.send.a: there is no model scores; did you mean score?',
    ],
    [
      'an offer that is sent nothing',
      'offer: { url: "https://x.example/", send: {} }',
      '12: offer.send: must name at least one model',
    ],
    [
      'one factor of two',
      'offer: { url: "https://x.example/", send: { a: score }, expectedValue: [score] }',
      '12: offer.expectedValue: must be two models, as in [ats, resp]',
    ],
    [
      'a factor twice',
      'offer: { url: "https://x.example/", send: { a: score }, expectedValue: [score, score] }',
      '12: offer.expectedValue: must be two models, not one twice',
    ],
    [
      'a factor that there is not',
      'offer: { url: "https://x.example/", send: { a: score }, expectedValue: [score, scores] }',
      '12: offer.expectedValue.1: there is no model scores; did you mean score?',
    ],
  ])('is told: %s', (_, line, message) => {
    const [first = '', ...others] = withModels(line);
    if (typeof message === 'string') expect(first).toBe(message);
    else expect(first).toMatch(message);
    expect(others).toEqual([]);
  });

  it('is none where limits are at their ends', () => {
    const least = 'concurrency: 1, requestsPerSecond: 0.001, timeoutMs: 1, attempts: 1';
    const most = 'concurrency: 1000, requestsPerSecond: 10000, timeoutMs: 900000, attempts: 100';
    expect(withModels(model(least), `offer: { url: "https://x.example/", send: { a: score }, ${most} }`)).toEqual([]);
  });

  it('is none where http stays on this machine', () => {
    expect(withModels('  more: { title: m, url: "http://127.0.0.1:8000/more" }')).toEqual([]);
  });
});
