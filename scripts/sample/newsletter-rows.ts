import { type Random, randomFrom } from '../shared/random.ts';
import { mixedMembers } from './mixed-members.ts';
import { inTurn } from './sample-dirt.ts';
import type { SampleOptions } from './sample-rows.ts';
import { momentBefore, pad } from './wall-clock.ts';

/** The cells of a row as they stand in the file. */
interface NewsletterRow {
  subscriber: string;
  joined: string;
  sentAt: string;
  reaction: string;
  seconds: string;
}

const HEADER = 'Subscriber,Joined,Issue,Sent at,Reaction,Seconds read';
const HALF_A_YEAR_DAYS = 180;
const DIRTY_SHARE = 0.025;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The lines of a file as `partners/examples/newsletter.yml` reads it, each with its line end. */
export function* newsletterLines(options: SampleOptions): Generator<string> {
  const random = randomFrom(options.seed);
  const dirt = inTurn<NewsletterRow>([
    (row) => lineOf({ ...row, seconds: random.pick(['1.5.2', 'long', '"1,2345"']) }),
    (row) => lineOf({ ...row, reaction: random.pick(['bounced', 'spam']) }),
    (row) => lineOf({ ...row, sentAt: random.pick(['31/01/2024 10:15 AM', '01/15/2024 13:00 PM', 'today']) }),
    (row) => lineOf({ ...row, sentAt: timeText(momentBefore(options.asOf, -random.whole(1, 30))) }),
    (row) => lineOf({ ...row, subscriber: '' }),
    (row) => lineOf(row).slice(0, lineOf(row).lastIndexOf(',')),
    (row) => lineOf({ ...row, joined: '"Feb 30, 2023"' }),
  ]);
  yield `${HEADER}\n`;
  for (const subscriber of mixedMembers(options, random)) {
    const row = rowOf(subscriber, options.asOf, random);
    yield `${random.chance(DIRTY_SHARE) ? dirt(row) : lineOf(row)}\n`;
  }
}

function lineOf({ subscriber, joined, sentAt, reaction, seconds }: NewsletterRow): string {
  return [subscriber, joined, 'weekly', sentAt, reaction, seconds].join(',');
}

function rowOf(subscriber: string, asOf: string, random: Random): NewsletterRow {
  const reaction = random.pick(['', 'ignored', 'opened', 'open', 'click', 'Clicked']);
  const wasRead = reaction !== '' && reaction !== 'ignored';
  return {
    subscriber,
    joined: random.chance(0.1) ? '' : dayText(momentBefore(asOf, daysSubscribed(subscriber))),
    sentAt: timeText(momentBefore(asOf, HALF_A_YEAR_DAYS * random.fraction())),
    reaction,
    seconds: wasRead ? secondsText(random.whole(5, 1500)) : '',
  };
}

/** The same in each row of a subscriber. */
function daysSubscribed(subscriber: string): number {
  return HALF_A_YEAR_DAYS + (Number.parseInt(subscriber, 16) % 2000);
}

/** As in 01/31/2024 09:05 PM. @param moment as clocks show it, in UTC */
function timeText(moment: Date): string {
  const [month, day, hour] = [moment.getUTCMonth() + 1, moment.getUTCDate(), moment.getUTCHours()];
  const time = `${pad(hour % 12 || 12)}:${pad(moment.getUTCMinutes())} ${hour < 12 ? 'AM' : 'PM'}`;
  return `${pad(month)}/${pad(day)}/${moment.getUTCFullYear()} ${time}`;
}

/** As in "Jan 31, 2024". */
function dayText(moment: Date): string {
  return `"${MONTHS[moment.getUTCMonth()]} ${moment.getUTCDate()}, ${moment.getUTCFullYear()}"`;
}

/** As in 42 or "1,234". */
function secondsText(seconds: number): string {
  return seconds < 1000 ? String(seconds) : `"1,${String(seconds).slice(1)}"`;
}
