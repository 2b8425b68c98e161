import { FEATURE_NAMES, FEATURES } from '../../members/features.ts';
import type { ScoredMember } from '../../run/contracts.ts';
import type { Column, TableOptions } from './table.ts';
import { cellText } from './text.ts';
import type { CellValue } from './workbook.ts';

const WHOLE = '#,##0';
const DECIMAL = '#,##0.00';
const LATENCY_MS = '#,##0.0';

/** Pale enough for black text. */
const BLUE = 'FF9DC3E6';
const GREEN = 'FFA9D18E';
const ORANGE = 'FFF4B183';

const MEMBERS_COLUMNS: readonly Column[] = [
  { header: 'MEMBER_ID', width: 16 },
  ...FEATURE_NAMES.map((name) => ({ header: name, width: 12, format: FEATURES[name].format })),
  { header: 'ATS_PREDICTION', width: 12, format: DECIMAL, colour: BLUE },
  { header: 'RESP_PREDICTION', width: 12, format: '0.0000', colour: GREEN },
  { header: 'OFFER', width: 12 },
  { header: 'STATUS', width: 11 },
  { header: 'ERROR', width: 40 },
  { header: 'TRANSACTIONS', width: 12, format: WHOLE },
  { header: 'IMPUTED_VALUES', width: 12, format: WHOLE },
  { header: 'ATS_LATENCY_MS', width: 12, format: LATENCY_MS },
  { header: 'RESP_LATENCY_MS', width: 12, format: LATENCY_MS },
  { header: 'OFFER_LATENCY_MS', width: 12, format: LATENCY_MS },
  { header: 'TOTAL_LATENCY_MS', width: 12, format: LATENCY_MS, colour: ORANGE },
  { header: 'ATTEMPTS', width: 12, format: WHOLE },
];

/** One row per member; failed ones stand out. */
export const MEMBERS_TABLE: TableOptions = {
  name: 'Members',
  columns: MEMBERS_COLUMNS,
  alert: { header: 'STATUS', text: 'FAILED' },
};

export function membersRow(member: ScoredMember): CellValue[] {
  const { outcome, latency, attempts } = member;
  return [
    cellText(member.memberId),
    ...FEATURE_NAMES.map((name) => member.features[name]),
    outcome.ats,
    outcome.resp,
    outcome.status === 'SCORED' ? cellText(outcome.offer) : undefined,
    outcome.status,
    outcome.status === 'FAILED' ? cellText(outcome.failures.map(({ message }) => message).join('; ')) : undefined,
    member.transactions,
    member.imputedValues,
    latency.ats,
    latency.resp,
    latency.offer,
    latency.total,
    attempts.ats + attempts.resp + attempts.offer,
  ];
}
