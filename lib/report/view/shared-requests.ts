import type { Requests, Summary } from '../../run/summary.ts';
import { formatMean, formatRate } from './numbers.ts';

/** How many members' rows the requests to an endpoint had. */
export interface RowsPerRequest {
  /** Mean number of members per request. */
  members: number;
  membersText: string;
  /** Undefined when the times of the calls are not known. */
  requestsPerSecond: number | undefined;
  /** Both in one: `25/s × 198 members`. */
  text: string;
}

/** Undefined when nothing was sent, and when each request was for one member, as most are: that goes without saying. */
export function rowsPerRequest(requests: Requests | undefined): RowsPerRequest | undefined {
  const { sent = 0, rows = sent, requestsPerSecond } = requests ?? {};
  const members = sent > 0 ? rows / sent : 1;
  const membersText = formatMean(members);
  if (membersText === ONE) return undefined;
  const rate = requestsPerSecond === undefined ? '' : `${formatRate(requestsPerSecond)}/s × `;
  return { members, membersText, requestsPerSecond, text: `${rate}${membersText} members` };
}

const ONE = formatMean(1);

/** That requests were for several members, in words. */
export interface SharedRequests {
  /** `198 members per request`, or `1 to 198` where they differ by endpoint. */
  text: string;
  /** What it means for the times of calls. */
  sentence: string;
}

/** Undefined when each request was for one member. */
export function sharedRequestsOf({ requests }: Pick<Summary, 'requests'>): SharedRequests | undefined {
  const asked = Object.values(requests).filter(({ sent }) => sent > 0);
  const means = asked.map(({ sent, rows = sent }) => rows / sent).toSorted((a, b) => a - b);
  const [fewest, most] = [means.at(0), means.at(-1)].map((mean = 1) => formatMean(mean));
  if (most === ONE || most === undefined) return undefined;
  const [members, by] = fewest === most ? [most, ''] : [`${fewest} to ${most}`, ', by endpoint'];
  return {
    text: `${members} members per request`,
    sentence: `A request was for ${members} members on average${by}; each of them has that request's time.`,
  };
}
