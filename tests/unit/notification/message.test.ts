import { reportAddresses } from '../../../lib/notification/addresses.ts';
import { endMessage } from '../../../lib/notification/message.ts';
import type { Summary } from '../../../lib/run/summary.ts';
import { COST } from '../../builders/cost.ts';
import { failedSummary, summaryWith } from '../../builders/summaries.ts';

const textFor = (changes: Partial<Summary>) => endMessage(summaryWith(changes), 'us-east-1').text;

describe('what is told when a run has ended', () => {
  it('counts rows, members and offers', () => {
    expect(endMessage(summaryWith({ cost: COST }), undefined)).toEqual({
      subject: 'Member offers: COMPLETE, 1,000 members (members.csv)',
      text: `COMPLETE: every member has an offer.

Members  1,000 = 1,000 scored + 0 failed
Rows     4,010 read = 4,000 accepted + 10 rejected; 7 blank values
Time     2 s = wait 100 ms + features 300 ms + scoring 1.5 s + wait 40 ms + report 60 ms
Requests 3,003 = 1,003 ATS + 1,000 RESP + 1,000 OFFER; 3 retries among them, 0 calls failed for good
Offers   800 × OFFER_1
         200 × OFFER_2
File     s3://bucket/uploads/acme/members.csv
Partner  acme
As of    2024-01-31
Started  2024-01-31 10:15:02 UTC
Cost     about $0.041 on AWS (us-east-1, 2026-11) = predict $0.04 + report $0.0013
Run      20240131T101502Z-3f9a1c2e

The report: s3://bucket/reports/acme/20240131T101502Z-3f9a1c2e/
`,
      status: 'COMPLETE',
    });
  });

  it('counts predictions that are not what is expected of them, and does not say what they are', () => {
    const outOfRange = [
      { prediction: 'ats', expected: { from: 0 }, members: 1, lowest: -3.75, highest: -3.75 },
      { prediction: 'resp', expected: { from: 0, to: 1 }, members: 1000, lowest: 12.4, highest: 97 },
    ] as const;
    const { subject, text } = endMessage(summaryWith({ outOfRange: [...outOfRange] }), 'us-east-1');
    expect(subject).toBe('Member offers: COMPLETE, 1,000 members, check ATS and RESP (members.csv)');
    expect(text).toMatch(`COMPLETE: every member has an offer.
Check: ATS should be 0 or more, and is not for 1 member (0.1%). The report says more.
Check: RESP should be 0 to 1, and is not for 1,000 members (100%). The report says more.

Members `);
    expect(text).not.toMatch(/3\.75|12\.4|97/);
  });

  it('names no predictions in the subject that it cannot hold: only how many they are', () => {
    const model = (label: string) => ({ title: 'size', label, url: 'https://models.example/size' });
    const finding = { expected: { to: 0 }, members: 1, lowest: 1, highest: 1 };
    const subjectWith = (...labels: string[]) => {
      const names = labels.map((_, place) => `m${place}`);
      const models = Object.fromEntries(labels.map((label, place) => [`m${place}`, model(label)]));
      const outOfRange = names.map((prediction) => ({ prediction, ...finding }));
      return endMessage(summaryWith({ definition: { models }, outOfRange }), undefined).subject;
    };
    expect(subjectWith('SIZE')).toContain('check SIZE (members.csv)');
    expect(subjectWith('Größe')).toContain('check 1 prediction (members.csv)');
    const many = subjectWith(...Array.from({ length: 20 }, (_, place) => `${'X'.repeat(38)}${place}`));
    expect(many).toContain('check 20 predictions (members.csv)');
    expect(many.length).toBeLessThan(100);
  });

  it('says that all predictions are there where the partner has no offer service', () => {
    const models = { size: { title: 'size', url: 'https://models.example/size' } };
    const text = textFor({ definition: { models }, offers: {}, boundaries: [] });
    expect(text).toMatch(/^COMPLETE: every member has all predictions\.\n/);
    expect(text).not.toMatch(/\boffers? /i);
  });

  it('says of each kind of failure how often it came to pass', () => {
    const failures: Summary['failures'] = [
      { step: 'ats', status: 503, calls: 1200, example: 'answered 503: M1 is unknown' },
      { step: 'offer', calls: 2, example: 'did not answer M2' },
      { step: 'predict', calls: 1, example: 'ran out of time' },
      { step: 'resp', calls: 1, example: 'could not be reached' },
    ];
    const members = { total: 2000, scored: 797, failed: 1203 };
    const text = textFor({ status: 'PARTIAL', reason: 'most often: answered 503: M1 is unknown', failures, members });
    expect(text.split('\n')[0]).toBe(
      'PARTIAL: 1,203 of 2,000 members could not be scored; most often: 1,200 × ATS with HTTP 503. The report says why.',
    );
    // What failed comes before the offers; what is one line more is told, too.
    expect(text).toMatch(`
Failed   1,200 × ATS with HTTP 503
         2 × OFFER without an answer
         1 × predict not called
         1 × RESP without an answer
Offers `);
    expect(text).not.toMatch(/M1|M2/);
  });

  it.each([
    ['no row was accepted; the first, in line 2: MEMBER_ID "M-1\\"2" holds control characters', '"…" holds control'],
    ['no header: it is "M-12,buy', 'it is "…"'],
  ])('leaves out what a reason quotes: %s', (reason, shown) => {
    const { text } = endMessage({ ...failedSummary(), reason }, undefined);
    expect(text).toContain(shown);
    expect(text).not.toContain('M-1');
  });

  it('names ten offers, and how many others there are', () => {
    const offers = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`O${index}`, 100 - index]));
    const lines = textFor({ offers }).split('\n');
    expect(lines.filter((line) => / × O\d+$/.test(line))).toHaveLength(10);
    expect(lines).toContain('         2 other offers');
  });

  it('counts the offers that have no name in the summary with the others', () => {
    const lines = textFor({ offers: { A: 5 }, otherOffers: { offers: 999_999, members: 999_999 } }).split('\n');
    expect(lines).toContain('Offers   5 × A');
    expect(lines).toContain('         999,999 other offers');
  });

  it('puts names from outside on one line', () => {
    const source = { bucket: 'bucket', key: 'uploads/acme/a\nSubject: b.csv' };
    const { subject, text } = endMessage(summaryWith({ source }), undefined);
    expect(subject).toBe('Member offers: COMPLETE, 1,000 members (a Subject: b.csv)');
    expect(text).toContain('s3://bucket/uploads/acme/a Subject: b.csv\n');
  });
});

describe('the addresses of a report', () => {
  it.each([
    ['us-east-1', 'us-east-1.console.aws.amazon.com'],
    ['cn-north-1', 'cn-north-1.console.amazonaws.cn'],
    ['us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
  ])('lead to the console of the partition: %s', (region, host) => {
    expect(reportAddresses(summaryWith({ partner: 'a c&é', runId: 'run', outputs: {} }), region)).toEqual({
      uri: 's3://bucket/reports/a c&é/run/',
      consoleUrl: `https://${host}/s3/buckets/bucket?region=${region}&prefix=reports%2Fa%20c%26%C3%A9%2Frun%2F`,
    });
  });
});
