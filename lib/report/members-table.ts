import { FEATURE_NAMES, type FeatureName, type ScoredMember } from '../contracts.ts';
import { cellText } from './text.ts';
import type { CellValue, Column } from './workbook.ts';

const WHOLE = '#,##0';
const DECIMAL = '#,##0.00';
const SHARE = '0.0%';
const LATENCY_MS = '#,##0.0';

const FEATURE_FORMATS: Record<FeatureName, string> = {
  AVG_POINTS_BOUGHT: DECIMAL,
  AVG_REVENUE_USD: DECIMAL,
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: DECIMAL,
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD: DECIMAL,
  PCT_BUY_TRANSACTIONS: SHARE,
  PCT_GIFT_TRANSACTIONS: SHARE,
  PCT_REDEEM_TRANSACTIONS: SHARE,
  DAYS_SINCE_LAST_TRANSACTION: WHOLE,
};

export const MEMBERS_COLUMNS: readonly Column[] = [
  { header: 'MEMBER_ID', width: 16 },
  ...FEATURE_NAMES.map((name) => ({ header: name, width: 12, format: FEATURE_FORMATS[name] })),
  { header: 'ATS_PREDICTION', width: 12, format: DECIMAL },
  { header: 'RESP_PREDICTION', width: 12, format: '0.0000' },
  { header: 'OFFER', width: 12 },
  { header: 'STATUS', width: 11 },
  { header: 'ERROR', width: 40 },
  { header: 'TRANSACTIONS', width: 12, format: WHOLE },
  { header: 'IMPUTED_VALUES', width: 12, format: WHOLE },
  { header: 'ATS_LATENCY_MS', width: 12, format: LATENCY_MS },
  { header: 'RESP_LATENCY_MS', width: 12, format: LATENCY_MS },
  { header: 'OFFER_LATENCY_MS', width: 12, format: LATENCY_MS },
  { header: 'TOTAL_LATENCY_MS', width: 12, format: LATENCY_MS },
  { header: 'ATTEMPTS', width: 12, format: WHOLE },
];

export function membersRow(member: ScoredMember): CellValue[] {
  const { outcome, latency } = member;
  return [
    cellText(member.memberId),
    ...FEATURE_NAMES.map((name) => member.features[name]),
    outcome.ats,
    outcome.resp,
    outcome.status === 'SCORED' ? cellText(outcome.offer) : undefined,
    outcome.status,
    outcome.status === 'FAILED' ? cellText(outcome.error) : undefined,
    member.transactions,
    member.imputedValues,
    latency.ats,
    latency.resp,
    latency.offer,
    latency.total,
    member.attempts,
  ];
}
