import { CALL_DEFINITION, CALLS, PREDICTION_DEFINITION, PREDICTIONS } from '../../calls.ts';
import type { Definition } from '../../partners/definition.ts';
import { excelFormatOf } from '../../partners/feature-function.ts';
import type { Manifest, ScoredMember } from '../../run/contracts.ts';
import { knownDefinitionOf } from '../../run/run-definition.ts';
import { TOTAL } from '../../run/steps.ts';
import { requestsFor, timed } from '../figures/tally.ts';
import type { Column, TableOptions } from './table.ts';
import { cellText } from './text.ts';

const WHOLE = '#,##0';
const DECIMAL = '#,##0.00';
const LATENCY_MS = '#,##0.0';

/** Pale enough for black text. */
const ORANGE = 'FFF4B183';

/**
 * One row per member. Failed members stand out. The columns that a campaign needs come first, on the first screen.
 *
 * @param manifest names the run's features, in order; this version of the service may have others
 */
export function membersTable(manifest: Pick<Manifest, 'partnerFile' | 'features'>): TableOptions<ScoredMember> {
  const definition = knownDefinitionOf(manifest);
  const features = manifest.features.map((name) => featureColumn(name, definition));
  return {
    name: 'Members',
    columns: [...OUTCOME_COLUMNS, ...features, ...CALLING_COLUMNS],
    alert: { header: 'STATUS', text: 'FAILED' },
  };
}

const OUTCOME_COLUMNS: readonly Column<ScoredMember>[] = [
  { header: 'MEMBER_ID', width: 16, value: ({ memberId }) => cellText(memberId) },
  {
    header: 'OFFER',
    width: 20,
    value: ({ outcome }) => (outcome.status === 'SCORED' ? cellText(outcome.offer) : undefined),
  },
  ...PREDICTIONS.map((prediction): Column<ScoredMember> => {
    const { label, format, cellColour } = PREDICTION_DEFINITION[prediction];
    const value = ({ outcome }: ScoredMember) => outcome[prediction];
    return { header: `${label}_PREDICTION`, width: 12, format, colour: cellColour, value };
  }),
  { header: 'STATUS', width: 11, value: ({ outcome }) => outcome.status },
  { header: 'ERROR', width: 30, value: ({ outcome }) => (outcome.status === 'FAILED' ? errorOf(outcome) : undefined) },
];

const CALLING_COLUMNS: readonly Column<ScoredMember>[] = [
  { header: 'TRANSACTIONS', width: 12, format: WHOLE, value: ({ transactions }) => transactions },
  { header: 'IMPUTED_VALUES', width: 12, format: WHOLE, value: ({ imputedValues }) => imputedValues },
  ...CALLS.map((call): Column<ScoredMember> => {
    const header = `${CALL_DEFINITION[call].label}_LATENCY_MS`;
    return { header, width: 12, format: LATENCY_MS, value: (member) => timed(member, call) };
  }),
  {
    header: 'TOTAL_LATENCY_MS',
    width: 12,
    format: LATENCY_MS,
    colour: ORANGE,
    value: (member) => timed(member, TOTAL),
  },
  { header: 'ATTEMPTS', width: 12, format: WHOLE, value: requestsFor },
];

/** A run may have a feature that this version of the service does not know. */
function featureColumn(name: string, { features: known }: Definition): Column<ScoredMember> {
  const feature = Object.hasOwn(known, name) ? known[name] : undefined;
  const format = feature === undefined ? DECIMAL : excelFormatOf(feature);
  return { header: name, width: 12, format, value: ({ features }) => features[name] };
}

function errorOf({ failures }: Extract<ScoredMember['outcome'], { status: 'FAILED' }>): string {
  return cellText(failures.map(({ message }) => message).join('; '));
}
