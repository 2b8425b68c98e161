import { type Call, callsOf } from '../../lib/calls.ts';
import { NoAddressError } from '../../lib/endpoints/deployed-calls.ts';
import type { CallManner, Definition, ModelDefinition } from '../../lib/partners/definition.ts';
import { OFFER } from '../../lib/partners/labels.ts';
import { DEFAULT_PROTOCOL, type Manner } from '../../lib/protocols/protocols.ts';
import { TELLS_NOTHING } from '../../lib/protocols/self-description.ts';
import { SELF_DESCRIBERS } from '../../lib/protocols/self-descriptions.ts';
import { now } from '../../lib/timing/clock.ts';
import { askPartner, type CallablePartner, type ScoringSettings, withEndpoints } from '../shared/scoring.ts';
import { answersText } from './answers-text.ts';
import { isSingle, measureCalls } from './batches.ts';
import { batchesText, batchesTitle } from './batches-text.ts';
import { differencesFrom } from './differences.ts';
import { askAboutItself } from './self-description.ts';
import { type ToldCall, toldText } from './told-text.ts';
import type { FileTrial } from './trial.ts';

export interface CheckOptions {
  settings: ScoringSettings;
  trial: Pick<FileTrial, 'shown' | 'first'>;
  /** Shows a part as soon as it is known. */
  print: (text: string) => void;
  /** Of the longest line. */
  columns: number;
  clock?: () => number;
}

/**
 * Calls a partner's endpoints: asks them what they expect, has the shown members answered, and measures how many members a
 * request had better be about.
 *
 * @returns whether each of these members was scored, and batches answer as single requests do
 */
export async function checkCalls({ settings, trial, print, columns, clock = now }: CheckOptions): Promise<boolean> {
  const { definition } = settings.partner;
  return withEndpoints(settings, async (partner) => {
    print(toldText(await tellAll(partner, settings), columns));
    const asked = await askPartner(partner, trial.shown);
    print(answersText(asked, definition));
    print(batchesTitle(callsOf(definition).all.some(({ name }) => !isSingle(name, partner.calls))));
    const batches = await measureCalls(partner, { settings, first: trial.first, scored: asked.members, clock });
    print(batchesText(batches, columns));
    const isAsAlone = batches.every(
      ({ agreement }) => agreement === undefined || agreement.kind === 'same' || agreement.kind === 'nearly',
    );
    return isAsAlone && asked.members.every(({ outcome }) => outcome.status === 'SCORED');
  });
}

async function tellAll(partner: CallablePartner, settings: ScoringSettings): Promise<ToldCall[]> {
  const told: ToldCall[] = [];
  for (const call of callsOf(settings.partner.definition).all) told.push(await tell(call, partner, settings));
  return told;
}

async function tell(call: Call, partner: CallablePartner, { partner: { definition }, resilience }: ScoringSettings) {
  const manner = mannerOf(definition, call.name);
  const describer = SELF_DESCRIBERS[manner.protocol ?? DEFAULT_PROTOCOL];
  const url = addressOf(partner, call.name);
  const nothing = { call, description: TELLS_NOTHING, problem: undefined, differences: [] };
  if (describer === undefined || url === undefined) return nothing;
  const headers = partner.headersOf(call.name);
  const { description, problem } = await askAboutItself(describer, { url, headers, timeoutMs: resilience.timeoutMs });
  const { rows } = partner.endpointsOf(partner.calls).byCall.get(call.name)?.limits ?? { rows: 1 };
  const sent = { names: namesOf(definition, call.name), manner, rows };
  return { call, description, problem, differences: differencesFrom(description, sent) };
}

/** Undefined for one that cannot be used, which the answers to members tell. */
function addressOf({ calls }: CallablePartner, call: string): URL | undefined {
  try {
    return calls.addressOf(call);
  } catch (error) {
    if (!(error instanceof NoAddressError)) throw error;
    return undefined;
  }
}

function mannerOf({ models, offer }: Definition, call: string): CallManner & Manner {
  return (call === OFFER ? offer : models[call]) ?? {};
}

/** What a call is told by, under the names that it is sent. */
function namesOf({ features, models, offer }: Definition, call: string): Record<string, string> {
  if (call === OFFER) return offer?.send ?? {};
  return sentNames(models[call]?.send ?? Object.keys(features));
}

function sentNames(send: NonNullable<ModelDefinition['send']>): Record<string, string> {
  return Array.isArray(send) ? Object.fromEntries(send.map((name) => [name, name])) : send;
}
