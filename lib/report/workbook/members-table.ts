import { type Call, type Calls, callsOf } from '../../calls.ts';
import type { Definition } from '../../partners/definition.ts';
import { excelFormatOf } from '../../partners/feature-function.ts';
import { type Manifest, predictionIn, type ScoredMember } from '../../run/contracts.ts';
import { knownDefinitionOf } from '../../run/run-definition.ts';
import { TOTAL } from '../../timing/steps.ts';
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
 * @param manifest has the run's features, in its order, and its calls: not those of this version of the service
 */
export function membersTable(manifest: Pick<Manifest, 'partnerFile' | 'features'>): TableOptions<ScoredMember> {
  const definition = knownDefinitionOf(manifest);
  const calls = callsOf(definition);
  const features = manifest.features.map((name) => featureColumn(name, definition));
  return {
    name: 'Members',
    columns: [...outcomeColumns(calls), ...features, ...callingColumns(calls.all)],
    alert: { header: 'STATUS', text: 'FAILED' },
  };
}

function outcomeColumns({ models, offer }: Calls): Column<ScoredMember>[] {
  const predictions = models.map(({ name, label, format, cellColour: colour }): Column<ScoredMember> => {
    const header = cellText(`${label}_PREDICTION`);
    return { header, width: 12, format, colour, value: ({ outcome }) => predictionIn(outcome, name) };
  });
  return [
    { header: 'MEMBER_ID', width: 16, value: ({ memberId }) => cellText(memberId) },
    ...(offer === undefined ? [] : [{ header: 'OFFER', width: 20, value: offerOf }]),
    ...predictions,
    { header: 'STATUS', width: 11, value: ({ outcome }) => outcome.status },
    { header: 'REJECTED_ROWS', width: 11, format: WHOLE, colour: ORANGE, value: ({ rejectedRows }) => rejectedRows },
    { header: 'ERROR', width: 30, value: errorOf },
  ];
}

function callingColumns(calls: readonly Call[]): Column<ScoredMember>[] {
  const latencies = calls.map(({ name, label }): Column<ScoredMember> => {
    const header = cellText(`${label}_LATENCY_MS`);
    return { header, width: 12, format: LATENCY_MS, value: (member) => timed(member, name) };
  });
  return [
    { header: 'TRANSACTIONS', width: 12, format: WHOLE, value: ({ transactions }) => transactions },
    { header: 'IMPUTED_VALUES', width: 12, format: WHOLE, value: ({ imputedValues }) => imputedValues },
    ...latencies,
    {
      header: 'TOTAL_LATENCY_MS',
      width: 12,
      format: LATENCY_MS,
      colour: ORANGE,
      value: (member) => timed(member, TOTAL),
    },
    { header: 'ATTEMPTS', width: 12, format: WHOLE, value: requestsFor },
  ];
}

/** A run may have a feature that this version of the service does not know. */
function featureColumn(name: string, { features: known }: Definition): Column<ScoredMember> {
  const feature = Object.hasOwn(known, name) ? known[name] : undefined;
  const format = feature === undefined ? DECIMAL : excelFormatOf(feature);
  return { header: name, width: 12, format, value: ({ features }) => features[name] };
}

function offerOf({ outcome }: ScoredMember): string | undefined {
  return outcome.status === 'SCORED' && outcome.offer !== undefined ? cellText(outcome.offer) : undefined;
}

function errorOf({ outcome }: ScoredMember): string | undefined {
  if (outcome.status === 'SCORED') return undefined;
  return cellText(outcome.failures.map(({ message }) => message).join('; '));
}
