import { renderPage } from '../../../../lib/report/page/page.ts';
import { STYLE } from '../../../../lib/report/page/style.ts';
import { OUTPUTS } from '../../../../lib/run/outputs.ts';
import { COST, COST_BASIS } from '../../../builders/cost.ts';
import { failedFigures, figuresOf, someFigures } from '../../../builders/figures.ts';
import { scored } from '../../../builders/members.ts';
import { BATCHED } from '../../../builders/summaries.ts';
import { EXTREMES, membersWith } from '../extreme.ts';

/** What a reader sees: no markup, entities resolved. */
function textOf(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

function alternativesOf(html: string): string[] {
  return [...html.matchAll(/role="img" aria-label="([^"]*)"/g)].map(([, text = '']) => text);
}

const svgsOf = (html: string) => html.match(/<svg[\s\S]*?<\/svg>/g) ?? [];

const HOSTILE = '</svg></style><script>alert(1)</script>&"\'\u0000\u202e<img src=x onerror=alert(1)>';

describe('the page of a run', () => {
  const html = renderPage(someFigures());
  const text = textOf(html);

  it('says how the run went and what it came to', () => {
    expect(text).toContain('Member offers Status: COMPLETE');
    expect(text).toContain(
      'File s3://bucket/uploads/acme/members.csv Partner acme As of 2024-01-31 Started 2024-01-31 10:15:02 UTC Run',
    );
    expect(text).toContain('Members scored 1,000 of 1,000, 100% 0 failed');
    expect(text).toContain('Rows read 4,010 4,000 accepted, 10 rejected 7 blank values');
    expect(text).toContain('From upload to report 2 s longest: scoring, 75%');
    expect(text).toContain('Requests sent 3,003 3 retries among them');
  });

  it('counts who gets which offer and says where one ends and the next begins', () => {
    expect(text).toContain('OFFER_1 800 80%');
    expect(text).toContain('OFFER_2 200 20%');
    expect(text).toContain(
      'OFFER_1 ends at ATS × RESP = 199.8, OFFER_2 begins at 200.1; 12 members (1.2%) are within a tenth of it.',
    );
  });

  it('says what the run costs, where that is known', () => {
    expect(text).not.toMatch(/cost/i);
    const costing = textOf(renderPage(someFigures({ summary: { cost: COST } })));
    expect(costing).toContain('Cost about $0.041 on AWS (us-east-1, 2026-11) = predict $0.04 + report $0.0013 Run');
    expect(costing).toContain('$0.041 in all');
    expect(costing).toContain('predict $0.04 12 1 min 21 s 1,024 30 90 report $0.0013 1 750 ms 2,048 5 14');
    expect(costing).toContain(COST_BASIS);
  });

  it('says beside the status which predictions are not what is expected of them', () => {
    const expected = { from: 0, to: 1 };
    const outOfRange = [{ prediction: 'resp' as const, expected, members: 500, lowest: 1.0000001, highest: 97 }];
    expect(text).not.toContain('Check:');
    expect(textOf(renderPage(someFigures({ summary: { outOfRange } })))).toContain(
      'Every member has an offer. Check: RESP should be 0 to 1, and is not for 500 members (50%): there it is 1.0000001 to 97. Look at the model before these offers are used; where this is meant, set EXPECTED_RESP. File',
    );
  });

  it('says of each step how often what was timed, and gives its share of the run', () => {
    expect(text).toContain('ats 1,000 × member 12.50 10.00 20.00 25.00 40.00 80.00 1,000 members/s 50%');
  });

  it('says of requests about several members how many these were, and whose time it is', () => {
    const batched = textOf(renderPage(someFigures({ summary: { requests: BATCHED } })));
    expect(batched).toContain('Requests sent 11 1 retry among them 0 calls failed for good 200 members per request');
    expect(batched).toContain(
      "of the one before. A request was for 200 members on average; each of them has that request's time.",
    );
    expect(batched).toContain('Throughput Requests Share');
    expect(batched).toContain('1,000 members/s 6/s × 200 members 50%');
    expect(batched).toContain('the requests are those that a member was in, with others');
    expect(text).not.toMatch(/members per request|has that request|Throughput Requests|was in, with others/);
  });

  it('says in words and numbers what each chart shows', () => {
    const [offers, predictions, latency, timeline] = alternativesOf(html);
    expect(offers).toContain('OFFER_1: 800 members, 80%; OFFER_2: 200 members, 20%');
    expect(predictions).toContain('from 0 to 4,000, half of the members up to 250');
    expect(predictions).toContain('ATS × RESP = 199.95');
    expect(latency).toContain('ATS: 1,000 calls, half within 10 ms, 99% within 40 ms, slowest 80 ms');
    expect(timeline).toContain('3 lanes over 2 s');
  });

  const OTHER_FILES = Object.values(OUTPUTS).flatMap(({ file }) => (file === 'report.html' ? [] : [file]));

  it('needs nothing from elsewhere and runs nothing', () => {
    const targets = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, target]) => target);
    expect(new Set(targets)).toEqual(new Set(OTHER_FILES));
    expect(html).not.toMatch(/<script|<link|<iframe|\son\w+=|url\(|@import/i);
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toContain('http:');
    expect(html).toContain('Content-Security-Policy');
  });

  it('draws every chart for a wide and a narrow screen', () => {
    expect(html.match(/<div class="wide"/g)).toHaveLength(4);
    expect(html.match(/<div class="narrow"/g)).toHaveLength(4);
  });

  it('has well-formed drawings without ids that could clash', () => {
    for (const svg of svgsOf(html)) {
      expect(unclosed(svg)).toEqual([]);
      expect(svg).not.toMatch(/\s(?:id|class)="/);
    }
  });

  it('has one first heading, and second ones below it', () => {
    expect([...html.matchAll(/<h(\d)/g)].map(([, level]) => level).join('')).toMatch(/^12+$/);
  });
});

/** Elements that are opened and not closed, or closed and not opened. */
function unclosed(markup: string): string[] {
  const open: string[] = [];
  for (const [, closing, name = '', selfClosing] of markup.matchAll(
    /<(\/?)([a-z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g,
  )) {
    if (selfClosing) continue;
    if (!closing) open.push(name);
    else if (open.pop() !== name) return [name];
  }
  return markup.replace(/<[^<>]*>/g, '').includes('<') ? ['<'] : open;
}

describe('texts from outside', () => {
  const { slowestMembers } = someFigures();
  const html = renderPage(
    someFigures({
      summary: {
        status: 'PARTIAL',
        reason: HOSTILE,
        partner: HOSTILE,
        source: { bucket: HOSTILE, key: `uploads/acme/${HOSTILE}` },
        offers: { [HOSTILE]: 800, OFFER_2: 200 },
        boundaries: [{ below: HOSTILE, above: 'OFFER_2', highestBelow: 1, lowestAbove: 2, near: 1, overlapping: 0 }],
        rejections: [{ problem: HOSTILE, rows: 1 }],
        failures: [{ step: 'ats', status: 500, calls: 1, example: HOSTILE }],
      },
      slowestMembers: slowestMembers.map((member) => ({ ...member, memberId: HOSTILE })),
      predictionCells: [{ offer: HOSTILE, across: 1, up: 1, members: 800 }],
    }),
  );

  it('stay text, in markup and in drawings', () => {
    expect(html).not.toMatch(/<script|<img/i);
    expect(textOf(html)).toContain('<script>alert(1)</script>&"');
    expect(svgsOf(html).some((svg) => svg.includes('&lt;/svg&gt;'))).toBe(true);
    for (const svg of svgsOf(html)) expect(unclosed(svg)).toEqual([]);
  });

  it('lose what cannot be printed', () => {
    for (const unprintable of ['\u0000', '\u202e']) expect(html.includes(unprintable)).toBe(false);
  });

  it('are cut when they are long', () => {
    const long = renderPage(someFigures({ summary: { offers: { [`B${'x'.repeat(5000)}`]: 1000 } } }));
    expect(long).not.toContain('x'.repeat(100));
    expect(long).toContain('xxx…');
  });
});

describe('offers that are called as what every object has', () => {
  const names = Object.getOwnPropertyNames(Object.prototype);
  const before = [Object.prototype, Object].map((object) => Object.getOwnPropertyNames(object));

  it.each(names)('are drawn and change no object: %s', (name) => {
    const offers = Object.fromEntries([
      [name, 600],
      ['OFFER_2', 400],
    ]);
    const html = renderPage(someFigures({ summary: { offers } }));
    expect([Object.prototype, Object].map((object) => Object.getOwnPropertyNames(object))).toEqual(before);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(textOf(html)).toContain(`${name} 600 60%`);
    expect(svgsOf(html).some((svg) => svg.includes(`>${name}`))).toBe(true);
  });
});

describe('a run with nothing to show', () => {
  it('has a page that says why, without empty charts', () => {
    const html = renderPage(failedFigures());
    expect(textOf(html)).toContain('FAILED The file has no column MEMBER_ID.');
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(html).not.toContain('<figure');
    expect(html).not.toContain('<svg');
    expect(html).not.toContain('<section id=');
    expect(textOf(html)).not.toContain('As of');
  });
});

describe('a run out of the ordinary', () => {
  it.each([
    ['one member', [{ offer: 'OFFER_1', across: 10, up: 0.5, members: 1 }]],
    ['predictions of zero', [{ offer: 'OFFER_1', across: 0, up: 0, members: 1000 }]],
    [
      'huge and negative predictions',
      [
        { offer: 'OFFER_1', across: -1e15, up: 1.7, members: 1 },
        { offer: 'OFFER_2', across: 1e15, up: -2, members: 999 },
      ],
    ],
  ])('is drawn with %s', (_name, predictionCells) => {
    const html = renderPage(someFigures({ predictionCells }));
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(html).toContain('id="predictions"');
  });

  it.each(Object.entries(EXTREMES))('is drawn with %s', (_name, predictions) => {
    const html = renderPage(figuresOf(membersWith(predictions)));
    expect(html).not.toMatch(/NaN|undefined|Infinity|∞/);
    expect(html).toContain('id="predictions"');
    // No number is written with all its zeros.
    expect(textOf(html)).not.toMatch(/0{9}|(?:,000){4}/);
  });

  it('has a boundary drawn between the smallest numbers and the largest', () => {
    // The boundary's middle is 0.005, from an ATS of 1e-310 to one of 1e308.
    const members = [scored('A', 1e308, 1e-310, 'HIGH'), scored('B', 1e-10, 1e308, 'HIGH')];
    const html = renderPage(figuresOf([...members, scored('C', Number.MIN_VALUE, 1, 'LOW')]));
    const curves = [...html.matchAll(/<path d="([^"]*)"[^>]*stroke-dasharray="6,4"/g)].map(([, path]) => path);
    expect(curves).toEqual([expect.stringMatching(/^M.*L/), expect.stringMatching(/^M.*L/)]);
  });

  it('says of an expected value that stands for larger ones that it does', () => {
    const html = renderPage(figuresOf([scored('A', 1, 1, 'LOW'), scored('B', 1e200, 1e200, 'HIGH')]));
    expect(textOf(html)).toContain('LOW ends at ATS × RESP = 1, HIGH begins at 1.798E308 or more;');
  });

  it('tells the eight largest of many offers apart, draws none for all others, and has all of them in a table', () => {
    const offers = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`O${index + 1}`, 20 - index]));
    // 20 + 19 + … + 9 = 174, of which 12 + 11 + 10 + 9 = 42 are with the others.
    const members = { total: 174, scored: 174, failed: 0 };
    const html = renderPage(someFigures({ summary: { offers, members } }));
    expect(textOf(html)).toContain('O12 9 5.2%');
    expect(alternativesOf(html)[1]).toContain('O8: 13 members; 4 other offers: 42 members');
    const [bars = ''] = svgsOf(html);
    expect(bars).toContain('>O12<');
    expect(bars).not.toContain('other offers');
    expect(html).not.toContain('<details');
  });

  it('folds a long table of offers', () => {
    const offers = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`O${index + 1}`, 50 - index]));
    const members = { total: 1275, scored: 1275, failed: 0 };
    const html = renderPage(someFigures({ summary: { offers, members } }));
    expect(html).toContain('<details><summary>All offers (50 rows)</summary>');
    expect(textOf(html)).toContain('O50 1 <0.1%');
    expect(svgsOf(html)[0]).toContain('>O20<');
    expect(svgsOf(html)[0]).not.toContain('>O21<');
  });

  it('counts offers that have no name in the summary with the others', () => {
    const offers = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`O${index + 1}`, 10 - index]));
    const summary = {
      offers,
      otherOffers: { offers: 4000, members: 5000 },
      members: { total: 5054, scored: 5054, failed: 0 },
    };
    const predictionCells = [
      { offer: 'O1', across: 10, up: 0.5, members: 10 },
      { offer: undefined, across: 20, up: 0.4, members: 5000 },
    ];
    const html = renderPage(someFigures({ summary, predictionCells }));
    expect(textOf(html)).toContain('O9 2 <0.1% 4,000 other offers 5,000 98.9%');
    // In the chart of predictions O9 with 2 members is one of the 4,001 others with 5,002.
    expect(alternativesOf(html)[1]).toContain('4,001 other offers: 5,002 members');
    expect(svgsOf(html).some((svg) => svg.includes('fill="var(--muted)" fill-opacity="0.75"'))).toBe(true);
    expect(svgsOf(html)[0]).not.toContain('other offers');
  });

  it('says that offers overlap, and draws no boundary between them', () => {
    const overlap = { below: 'A', above: 'B', highestBelow: 300, lowestAbove: 100, near: 9, overlapping: 50 };
    const html = renderPage(someFigures({ summary: { boundaries: [overlap] } }));
    expect(textOf(html)).toContain('from 100 to 300 occur with either, for 50 members (5%)');
    expect(html).not.toContain('stroke-dasharray');
    expect(renderPage(someFigures())).toContain('stroke-dasharray');
  });

  it('says what failed first after the key figures', () => {
    const failures = [{ step: 'resp' as const, status: 503, calls: 1234, example: 'service unavailable' }];
    const html = renderPage(someFigures({ summary: { failures } }));
    const sections = [...html.matchAll(/<section (?:id="(\w+)"|class="(\w+)")/g)].map(([, id, name]) => id ?? name);
    expect(sections.slice(0, 3)).toEqual(['cards', 'failures', 'offers']);
  });

  it('counts failed calls and the ten most frequent problems of rows', () => {
    const rejections = Array.from({ length: 13 }, (_, index) => ({
      problem: `problem ${index + 1}`,
      rows: 20 - index,
    }));
    const failures = [{ step: 'resp' as const, status: 503, calls: 1234, example: 'service unavailable' }];
    const text = textOf(renderPage(someFigures({ summary: { rejections, failures } })));
    expect(text).toContain('RESP with HTTP 503 service unavailable 1,234');
    // 10 + 9 + 8 rows have the last three problems.
    expect(text).toContain('problem 10 11 3 other problems 27');
  });

  it('has a page of moderate size however many members there are', () => {
    const predictionCells = Array.from({ length: 20 * 64 * 40 }, (_, index) => ({
      offer: `O${index % 20}`,
      across: Math.floor(index / 20 / 40) ** 2,
      up: (Math.floor(index / 20) % 40) ** 2 / 1600,
      members: 1 + (index % 7),
    }));
    const offers = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`O${index}`, 12_500]));
    const html = renderPage(someFigures({ predictionCells, summary: { offers } }));
    expect(html.length).toBeLessThan(400_000);
  });
});

describe('the page’s colours', () => {
  const themes = [...STYLE.matchAll(/--ground:#[^}]*/g)].slice(0, 2).map(([declarations]) => {
    return new Map([...declarations.matchAll(/--(\w+):(#\w+)/g)].map(([, name = '', value = '']) => [name, value]));
  });

  it.each([
    ['light', themes[0]],
    ['dark', themes[1]],
  ])('are told apart from the ground in the %s theme', (_name, colours) => {
    const against = (name: string) => contrast(colours?.get(name) ?? '#fff', colours?.get('surface') ?? '#fff');
    for (const name of ['text', 'muted', 'link']) expect(against(name)).toBeGreaterThanOrEqual(4.5);
    for (let offer = 1; offer <= 8; offer++) expect(against(`c${offer}`)).toBeGreaterThanOrEqual(3);
  });

  it('leave white text legible on the status', () => {
    const badges = [...STYLE.matchAll(/\.(?:complete|partial|failed)\{background:(#\w+)\}/g)];
    expect(badges).toHaveLength(3);
    for (const [, colour = ''] of badges) expect(contrast(colour, '#ffffff')).toBeGreaterThanOrEqual(4.5);
  });
});

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const hex = colour.length === 4 ? colour.replace(/[^#]/g, '$&$&') : colour;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
