import { type Calls, callNames, callsOf } from '../../lib/calls.ts';
import { offerRows, predictionRows } from '../../lib/endpoints/requests.ts';
import { type Arithmetic, arithmeticOf, inOrderOfTime } from '../../lib/members/arithmetic.ts';
import { FeatureTable } from '../../lib/members/feature-table.ts';
import type { Features } from '../../lib/members/features.ts';
import type { Definition } from '../../lib/partners/definition.ts';
import { OFFER } from '../../lib/partners/labels.ts';
import type { Row } from '../../lib/protocols/protocol.ts';
import { type Manner, protocolOf } from '../../lib/protocols/protocols.ts';
import { type ExpectedSettings, expectedOf, unexpectedOf } from '../../lib/report/figures/expectations.ts';
import { expectedValue } from '../../lib/report/figures/expected-value.ts';
import { rangeText } from '../../lib/report/view/problems.ts';
import { type Failure, type Member, type Outcome, predictionIn, type ScoredMember } from '../../lib/run/contracts.ts';
import type { Boundary } from '../../lib/run/summary.ts';
import type { RejectedRow } from '../../lib/transactions/row-account.ts';
import type { MemberInFile, TransactionOfLine } from './transactions.ts';

/** Where an explanation's numbers come from. */
export type Source =
  | { file: string; endpoints: { reference: boolean } }
  | { run: string; bucket: string; upload: string; uploadedBy: string };

/** A feature as it was sent, and how it comes about. */
export interface FeatureExplained {
  name: string;
  /** What the endpoints were sent. */
  value: number;
  /** Absent when the transactions are not to be had. */
  arithmetic?: Arithmetic;
  /** What the transactions come to now, where that is not the value. */
  recomputed?: number;
}

/** One of a member's calls. */
export interface CallExplained {
  call: string;
  /** Absent when it is not on record. */
  url?: string;
  /** The JSON that was sent; absent when the call was not made. */
  request?: string;
  /** The number or the name that was answered. */
  answer?: number | string;
  failure?: Failure;
  attempts: number;
  latencyMs?: number;
}

/** Everything that led to one member's offer. */
export interface Explanation {
  memberId: string;
  source: Source;
  /** `YYYY-MM-DD`, UTC. */
  asOf: string;
  /** How the file is read and the features are computed, as far as this version of the service knows. */
  definition: Definition;
  /** What a reader should know before believing the rest. */
  notes: string[];
  /** Accepted rows in order of time; absent when they are not to be had. */
  transactions?: TransactionOfLine[];
  /** Rejected rows that name the member. */
  rejected: RejectedRow[];
  features: FeatureExplained[];
  /** Empty when the member has not been scored. */
  calls: CallExplained[];
  outcome?: Outcome;
  /** The product of the predictions that offers are compared by, when both are known. */
  expectedValue?: number;
  /** Where the member's offer ends and others begin, as the whole run shows it. */
  boundaries?: Boundary[];
  totalMs?: number;
}

/** What an explanation is made of. */
export interface Findings {
  /** As it was handed to the endpoints, or as they left it. */
  member: Member | ScoredMember;
  source: Source;
  /** Days since the epoch, UTC. */
  asOfDay: number;
  asOf: string;
  definition: Definition;
  notes: readonly string[];
  inFile?: MemberInFile | undefined;
  urls?: Urls;
  boundaries?: readonly Boundary[];
  /** What is expected of predictions, where it is not what the definition says. */
  expected: ExpectedSettings;
}

/** Who was called, by call. */
type Urls = Readonly<Record<string, string>>;

/** Puts together what is known about one member. */
export function explain(findings: Findings): Explanation {
  const { member, source, asOf, definition, inFile, urls } = findings;
  const transactions = inFile?.transactions ?? [];
  const explanation: Explanation = {
    memberId: member.memberId,
    source,
    asOf,
    definition,
    notes: [...findings.notes, ...unexpectedNotes(findings)],
    ...(transactions.length > 0 ? { transactions: inOrderOfTime(transactions) } : {}),
    rejected: inFile?.rejected ?? [],
    features: explainFeatures(member.features, findings),
    calls: [],
  };
  if (!('outcome' in member)) return explanation;
  const boundaries = boundariesOf(member.outcome, findings.boundaries ?? []);
  return {
    ...explanation,
    ...explainScoring(member, definition, urls),
    ...(boundaries.length > 0 ? { boundaries } : {}),
  };
}

function unexpectedNotes({ member, definition, expected }: Findings): string[] {
  if (!('outcome' in member)) return [];
  const { models } = callsOf(definition);
  const { outcome } = member;
  return models.flatMap(({ name, label, expectedVariable, ...model }) =>
    unexpectedOf(outcome, expectedOf([{ name, label, expectedVariable, ...model }], expected)).map(
      ({ value, range }) =>
        `${label} should be ${rangeText(range)}, and is ${value} (see ${expectedVariable ?? 'expected in the file of the partner'})`,
    ),
  );
}

function explainFeatures(features: Features, { inFile, asOfDay, definition }: Findings): FeatureExplained[] {
  const named = Object.entries(features).map(([name, value]) => ({ name, value }));
  if (inFile === undefined || inFile.transactions.length === 0) return named;
  const { aggregates, transactions } = inFile;
  const recomputed = new FeatureTable(aggregates).of(0);
  return named.map(({ name, value }): FeatureExplained => {
    // A run of another version may have had others.
    const feature = Object.hasOwn(definition.features, name) ? definition.features[name] : undefined;
    const arithmetic = feature && arithmeticOf(definition, feature, transactions, asOfDay);
    const { [name]: now = value } = recomputed;
    return { name, value, ...(arithmetic && { arithmetic }), ...(now === value ? {} : { recomputed: now }) };
  });
}

function explainScoring(member: ScoredMember, definition: Definition, urls: Urls | undefined) {
  const { outcome, latency } = member;
  const product = productOf(outcome, callsOf(definition));
  return {
    calls: callNames(definition).map((call) => explainCall(call, member, definition, urls)),
    outcome,
    ...(product === undefined ? {} : { expectedValue: product }),
    totalMs: latency.total,
  };
}

function productOf(outcome: Outcome, calls: Calls): number | undefined {
  const [one, other] = factorsOf(outcome, calls);
  return one === undefined || other === undefined ? undefined : expectedValue(one, other);
}

/** The predictions that offers are compared by, as far as they are known. */
export function factorsOf(outcome: Outcome, { expectedValue: multiplied }: Calls): number[] {
  return (multiplied?.factors ?? []).flatMap(({ name }) => predictionIn(outcome, name) ?? []);
}

function boundariesOf(outcome: Outcome, boundaries: readonly Boundary[]): Boundary[] {
  if (outcome.status !== 'SCORED') return [];
  return boundaries.filter(({ below, above }) => below === outcome.offer || above === outcome.offer);
}

function explainCall(
  call: string,
  member: ScoredMember,
  definition: Definition,
  urls: Urls | undefined,
): CallExplained {
  const { outcome, latency, attempts } = member;
  const failure = outcome.status === 'FAILED' ? outcome.failures.find(({ step }) => step === call) : undefined;
  const request = requestOf(call, member, definition);
  const answer = answerOf(call, outcome);
  const latencyMs = latency[call];
  const url = urls?.[call];
  return {
    call,
    ...(url === undefined ? {} : { url }),
    ...(request === undefined ? {} : { request }),
    ...(answer === undefined ? {} : { answer }),
    ...(failure === undefined ? {} : { failure }),
    attempts: attempts[call] ?? 0,
    ...(latencyMs === undefined ? {} : { latencyMs }),
  };
}

/** The offer is asked for only when all predictions are there. */
function requestOf(
  call: string,
  { features, outcome }: ScoredMember,
  { models, offer }: Definition,
): string | undefined {
  if (call !== OFFER) return bodyOf(predictionRows(models[call]?.send)(features), models[call]);
  const names = Object.keys(models);
  const scores = Object.fromEntries(names.map((name) => [name, predictionIn(outcome, name)]));
  return offer === undefined || names.some((name) => scores[name] === undefined)
    ? undefined
    : bodyOf(offerRows(offer.send)(scores), offer);
}

/** With this row alone. */
function bodyOf(row: Row, manner: Manner = {}): string {
  return protocolOf(manner).encode([row]);
}

function answerOf(call: string, outcome: Outcome): number | string | undefined {
  if (call !== OFFER) return predictionIn(outcome, call);
  return outcome.status === 'SCORED' ? outcome.offer : undefined;
}
