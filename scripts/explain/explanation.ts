import { CALLS, type Call, PREDICTIONS, type Prediction } from '../../lib/calls.ts';
import { offerRequest, predictionRequest } from '../../lib/endpoints/requests.ts';
import { type Arithmetic, arithmeticOf, inOrderOfTime } from '../../lib/members/arithmetic.ts';
import { FeatureTable } from '../../lib/members/feature-table.ts';
import type { Features } from '../../lib/members/features.ts';
import type { Definition } from '../../lib/partners/definition.ts';
import { isWhole } from '../../lib/registry.ts';
import { type Expected, unexpectedOf } from '../../lib/report/figures/expectations.ts';
import { expectedValue } from '../../lib/report/figures/expected-value.ts';
import { rangeText } from '../../lib/report/view/problems.ts';
import type { Failure, Member, Outcome, ScoredMember } from '../../lib/run/contracts.ts';
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
  call: Call;
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
  /** ATS × RESP, when both are known. */
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
  urls?: Record<Call, string>;
  boundaries?: readonly Boundary[];
  /** What is expected of predictions. */
  expected: Expected;
}

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
    ...explainScoring(member, urls),
    ...(boundaries.length > 0 ? { boundaries } : {}),
  };
}

function unexpectedNotes({ member, expected }: Findings): string[] {
  if (!('outcome' in member)) return [];
  return unexpectedOf(member.outcome, expected).map(
    ({ prediction, value }) =>
      `${prediction.toUpperCase()} should be ${rangeText(expected[prediction])}, and is ${value} (see EXPECTED_${prediction.toUpperCase()})`,
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

function explainScoring(member: ScoredMember, urls: Record<Call, string> | undefined) {
  const { outcome, latency } = member;
  const { ats, resp } = outcome;
  return {
    calls: CALLS.map((call) => explainCall(call, member, urls)),
    outcome,
    ...(ats === undefined || resp === undefined ? {} : { expectedValue: expectedValue(ats, resp) }),
    totalMs: latency.total,
  };
}

function boundariesOf(outcome: Outcome, boundaries: readonly Boundary[]): Boundary[] {
  if (outcome.status !== 'SCORED') return [];
  return boundaries.filter(({ below, above }) => below === outcome.offer || above === outcome.offer);
}

function explainCall(call: Call, member: ScoredMember, urls: Record<Call, string> | undefined): CallExplained {
  const { outcome, latency, attempts } = member;
  const failure = outcome.status === 'FAILED' ? outcome.failures.find(({ step }) => step === call) : undefined;
  const request = requestOf(call, member);
  const answer = answerOf(call, outcome);
  const latencyMs = latency[call];
  return {
    call,
    ...(urls === undefined ? {} : { url: urls[call] }),
    ...(request === undefined ? {} : { request }),
    ...(answer === undefined ? {} : { answer }),
    ...(failure === undefined ? {} : { failure }),
    attempts: attempts[call],
    ...(latencyMs === undefined ? {} : { latencyMs }),
  };
}

/** The offer is asked for only when both predictions are there. */
function requestOf(call: Call, { features, outcome }: ScoredMember): string | undefined {
  if (call !== 'offer') return predictionRequest(features);
  return isWhole<Prediction, number>(outcome, PREDICTIONS) ? offerRequest(outcome) : undefined;
}

function answerOf(call: Call, outcome: Outcome): number | string | undefined {
  if (call !== 'offer') return outcome[call];
  return outcome.status === 'SCORED' ? outcome.offer : undefined;
}
