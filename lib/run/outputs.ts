import { namesIn } from '../registry.ts';

/** One of the files that a report is made of. */
export interface OutputDefinition {
  /** Name of the file. */
  file: string;
  contentType: string;
  /** What it holds, for people. */
  description: string;
}

/**
 * The files of a run's report. The summary is stored last: it says that all others are there. CONTRIBUTING.md says how
 * to add one.
 */
const DEFINITIONS = {
  workbook: {
    file: 'report.xlsx',
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    description: 'everything, as a workbook',
  },
  page: {
    file: 'report.html',
    contentType: 'text/html; charset=utf-8',
    description: 'charts and key tables, as a page',
  },
  offers: {
    file: 'offers.csv',
    contentType: 'text/csv; charset=utf-8',
    description: 'who gets which offer, for other systems',
  },
  members: {
    file: 'members.jsonl',
    contentType: 'application/x-ndjson',
    description: 'all there is about each member, a line each',
  },
  summary: {
    file: 'summary.json',
    contentType: 'application/json',
    description: 'the facts of the page, for programs',
  },
} as const satisfies Record<string, OutputDefinition>;

export type Output = keyof typeof DEFINITIONS;

export const OUTPUTS: Readonly<Record<Output, OutputDefinition>> = DEFINITIONS;
export const OUTPUT_NAMES = namesIn(OUTPUTS);

/** All outputs but the summary, which names their keys. */
export const OUTPUTS_BESIDE_SUMMARY = OUTPUT_NAMES.filter((output) => output !== 'summary');
