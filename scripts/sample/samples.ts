import { namesIn } from '../../lib/registry.ts';
import { newsletterLines } from './newsletter-rows.ts';
import { retailerLines } from './retailer-rows.ts';
import { type SampleOptions, sampleLines } from './sample-rows.ts';

/** A made-up file that is shipped. */
interface Sample {
  /** Where it lies. */
  file: string;
  /** How many members it has. */
  members: number;
  /** Its lines, each with its line end. */
  lines(options: SampleOptions): Iterable<string>;
}

const shipped = {
  default: { file: 'events/sample.csv', members: 300, lines: sampleLines },
  retailer: { file: 'events/retailer.csv', members: 100, lines: retailerLines },
  newsletter: { file: 'events/newsletter.csv', members: 80, lines: newsletterLines },
} as const satisfies Record<string, Sample>;

/** By the partner whose file reads them. */
export const SAMPLES: Readonly<Record<keyof typeof shipped, Sample>> = shipped;

export const SAMPLE_NAMES = namesIn(SAMPLES);

/** The partners in `partners/examples`, which have a sample of their own. */
export const EXAMPLE_NAMES = SAMPLE_NAMES.filter((name) => name !== 'default');

/** The last day with transactions in what is shipped. */
export const SAMPLE_AS_OF = '2024-01-31';

/** The made-up file for a partner; that of all others when it has none of its own. */
export function sampleFor(partner: string): Sample {
  const name = SAMPLE_NAMES.find((known) => known === partner) ?? 'default';
  return SAMPLES[name];
}
