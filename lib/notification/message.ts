import { counted, formatCount } from '../counted.ts';
import { tooManyRejected } from '../report/figures/too-many-rejected.ts';
import type { OfferRow } from '../report/view/offers.ts';
import { plainName, plainText } from '../report/view/plain-text.ts';
import { checksOf } from '../report/view/problems.ts';
import { viewOf } from '../report/view/view.ts';
import type { Summary } from '../run/summary.ts';
import { sourceName } from '../run/upload-kinds.ts';
import { reportAddresses } from './addresses.ts';

/** The notification that a run has ended. It holds no data of members, because it is sent by mail. */
export interface EndMessage {
  subject: string;
  text: string;
  /** For the filters of subscriptions. */
  status: Summary['status'];
}

/** Longest subject, in characters. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: ASCII, less than 100. */
const MAX_SUBJECT_LENGTH = 99;
/** Characters of a subject that the labels of predictions may take. */
const MAX_CHECK_LENGTH = 24;
const MAX_REASON_LENGTH = 400;
const MAX_LINE_LENGTH = 300;

/** Width of the label before a line. */
const LABEL_COLUMNS = 8;

/** The largest number of lines of each list. */
const ROOM = { offers: 10, failures: 3 };

/** @param region of the bucket */
export function endMessage(summary: Summary, region: string | undefined): EndMessage {
  return { subject: subjectOf(summary), text: `${linesOf(summary, region).join('\n')}\n`, status: summary.status };
}

function subjectOf(summary: Summary): string {
  const { status, members, source } = summary;
  const count = members.failed > 0 ? `${formatCount(members.failed)} of ` : '';
  const what = `${count}${counted(members.total, 'member')}${members.failed > 0 ? ' failed' : ''}`;
  const beginning = `Member offers: ${status}, ${what}${rejectedText(summary)}${checkText(summary)} (`;
  return `${beginning}${asciiName(sourceName(source.key), MAX_SUBJECT_LENGTH - beginning.length - 1)})`;
}

/** How many rows were rejected, where these are too many. */
function rejectedText(summary: Summary): string {
  const { rejected, read } = summary.rows;
  if (tooManyRejected(summary) === undefined) return '';
  return `, ${formatCount(rejected)} of ${counted(read, 'row')} rejected`;
}

/** What has to be looked at, predictions or ids; only how many where their labels are long, or more than a subject can hold. */
function checkText(summary: Summary): string {
  const checks = checksOf(summary);
  const labels = [...new Set(checks.map(({ about }) => about))];
  const named = labels.join(' and ');
  if (labels.length === 0) return '';
  return named.length > MAX_CHECK_LENGTH || /[^ -~]/.test(named)
    ? `, check ${counted(labels.length, checks.every(({ isPrediction }) => isPrediction) ? 'prediction' : 'thing')}`
    : `, check ${named}`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** A name, reduced to printable ASCII and to `maxLength` characters. */
function asciiName(whole: string, maxLength: number): string {
  const name = plainText(whole, MAX_SUBJECT_LENGTH).replace(/[^ -~]+/g, '?');
  return name.length > maxLength ? `${name.slice(0, maxLength - 3)}...` : name;
}

function linesOf(summary: Summary, region: string | undefined): string[] {
  const view = viewOf(summary, ROOM);
  const { uri, consoleUrl } = reportAddresses(summary, region);
  const failures = view.failures.map(({ countText, problem }) => `${countText} × ${problem}`);
  return [
    `${view.status}: ${reasonOf(summary, { usual: lowered(view.reason), failure: failures[0] })}`,
    // Only how many, because the predictions themselves are data of members.
    ...view.checks.map(({ count }) => `Check: ${count}. The report says more.`),
    '',
    ...view.keyFigures.flatMap(({ name, text }) => labelled(name, [text])),
    ...labelled('Failed', failures),
    ...labelled('Offers', view.offers.map(offerText)),
    ...view.facts.flatMap(({ name, text }) => labelled(name, [text])),
    '',
    `The report: ${uri}`,
    ...(consoleUrl === undefined ? [] : [consoleUrl]),
  ];
}

/** Lines with a label before the first. */
function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => {
    const name = index === 0 ? label : '';
    return `${name.padEnd(LABEL_COLUMNS)} ${plainText(line, MAX_LINE_LENGTH)}`;
  });
}

function offerText({ offer, name, membersText }: OfferRow): string {
  return offer === undefined ? name : `${membersText} × ${plainName(name)}`;
}

/**
 * The reason of the run's status without its quotations: a quoted cell of the file or answer of an endpoint may hold a
 * member's id or figures.
 *
 * @param usual what is said where there is no reason
 * @param failure the most frequent one
 */
function reasonOf(summary: Summary, { usual, failure }: { usual: string; failure: string | undefined }): string {
  const { reason, members } = summary;
  if (reason === undefined) return usual;
  if (failure === undefined) return plainText(reason.replace(/"(?:\\.|[^"\\])*"?/g, '"…"'), MAX_REASON_LENGTH);
  const failed = `${formatCount(members.failed)} of ${counted(members.total, 'member')} could not be scored`;
  const rejected = tooManyRejected(summary);
  return `${failed}; most often: ${failure}.${rejected === undefined ? '' : ` ${rejected}.`} The report says why.`;
}
