import { estimatedUsd } from '../cost/usd.ts';
import { largestOffers } from '../report/figures/largest-offers.ts';
import { counted, formatCount } from '../report/view/numbers.ts';
import { plainName, plainText } from '../report/view/plain-text.ts';
import { outOfRangeCount } from '../report/view/wording.ts';
import type { OutOfRange, Summary } from '../run/summary.ts';
import { formatDuration } from '../timing/duration.ts';
import { reportAddresses } from './addresses.ts';

/** What subscribers of a topic are told when a run has ended. Holds no data of members: it is sent by mail. */
export interface EndMessage {
  subject: string;
  text: string;
  /** To filter by. */
  status: Summary['status'];
}

/** Characters of a subject. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: ASCII, less than 100. */
const MAX_SUBJECT_LENGTH = 99;
const MAX_OFFERS = 10;
const MAX_FAILURES = 3;
const MAX_REASON_LENGTH = 400;
const MAX_KEY_LENGTH = 300;

/** @param region of the bucket */
export function endMessage(summary: Summary, region: string | undefined): EndMessage {
  return { subject: subjectOf(summary), text: `${linesOf(summary, region).join('\n')}\n`, status: summary.status };
}

function subjectOf({ status, members, source, outOfRange = [] }: Summary): string {
  const count = members.failed > 0 ? `${formatCount(members.failed)} of ` : '';
  const what = `${count}${counted(members.total, 'member')}${members.failed > 0 ? ' failed' : ''}`;
  const check = outOfRange.length > 0 ? `, check ${outOfRange.map(nameOf).join(' and ')}` : '';
  const beginning = `Member offers: ${status}, ${what}${check} (`;
  return `${beginning}${asciiName(source.key, MAX_SUBJECT_LENGTH - beginning.length - 1)})`;
}

function nameOf({ prediction }: OutOfRange): string {
  return prediction.toUpperCase();
}

/** A file's name, which can be anything, in so many printable characters of ASCII. */
function asciiName(key: string, maxLength: number): string {
  const name = plainText(key.slice(key.lastIndexOf('/') + 1), MAX_SUBJECT_LENGTH).replace(/[^ -~]+/g, '?');
  return name.length > maxLength ? `${name.slice(0, maxLength - 3)}...` : name;
}

function linesOf(summary: Summary, region: string | undefined): string[] {
  const { status, source, asOf, rows, members, elapsedMs, cost, runId, outOfRange = [] } = summary;
  const { uri, consoleUrl } = reportAddresses(summary, region);
  return [
    `${status}: ${reasonOf(summary)}`,
    // How many, not what: that is a member's.
    ...outOfRange.map((finding) => `Check: ${outOfRangeCount(finding, members.total)}. The report says more.`),
    '',
    `File     ${plainText(`s3://${source.bucket}/${source.key}`, MAX_KEY_LENGTH)}`,
    ...(asOf === null ? [] : [`As of    ${asOf}`]),
    `Rows     ${formatCount(rows.read)} read = ${formatCount(rows.accepted)} accepted + ${formatCount(rows.rejected)} rejected`,
    `Members  ${formatCount(members.total)} = ${formatCount(members.scored)} scored + ${formatCount(members.failed)} failed`,
    ...offerLines(summary),
    `Time     ${formatDuration(elapsedMs)} from the upload to the report`,
    ...(cost ? [`Cost     ${estimatedUsd(cost)}, estimated at the prices of ${cost.prices.region}`] : []),
    `Run      ${runId}`,
    '',
    `The report: ${uri}`,
    ...(consoleUrl === undefined ? [] : [consoleUrl]),
  ];
}

function offerLines(summary: Summary): string[] {
  const { named, others } = largestOffers(summary, MAX_OFFERS);
  const shown = named.map(({ offer, members }) => `${formatCount(members)} × ${plainName(offer)}`);
  if (others.offers > 0) shown.push(counted(others.offers, 'other offer'));
  return shown.map((line, index) => `${index === 0 ? 'Offers ' : '       '}  ${line}`);
}

/**
 * The reason without what it quotes: that may be a cell of the file, or an endpoint's answer, and with either a member's
 * id or figures.
 */
function reasonOf({ reason, members, failures }: Summary): string {
  if (reason === undefined) return 'every member has an offer.';
  if (failures.length === 0) return plainText(reason.replace(/"(?:\\.|[^"\\])*"?/g, '"…"'), MAX_REASON_LENGTH);
  const calls = failures.slice(0, MAX_FAILURES).map(({ step, status, calls }) => {
    const answer = status === undefined ? 'without an answer' : `with HTTP ${status}`;
    return `${formatCount(calls)} × ${step} ${step === 'predict' ? 'not called' : answer}`;
  });
  const failed = `${formatCount(members.failed)} of ${counted(members.total, 'member')} could not be scored`;
  return `${failed}; most often: ${calls.join(', ')}. The report says why.`;
}
