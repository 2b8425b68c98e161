import type { MannerKey } from '../protocols/protocol.ts';
import { DEFAULT_PROTOCOL, layoutOf, PROTOCOL_NAMES, PROTOCOLS } from '../protocols/protocols.ts';
import { SAGEMAKER_ADDRESS, sageMakerEndpointAt } from '../protocols/sagemaker-address.ts';
import { namesIn } from '../registry.ts';
import { TOTAL } from '../timing/steps.ts';
import { problemWithUrl, variableIn } from './call-url.ts';
import type { CallManner, Definition, ModelDefinition, OfferDefinition } from './definition.ts';
import type { Report } from './field-checks.ts';
import { labelOf, OFFER_LABEL } from './labels.ts';
import { insteadOf } from './nearest.ts';
import { RESERVED_FOR_MODELS, RESERVED_NAMES } from './reserved-names.ts';

/** The labels of columns that every report has. */
const OTHER_LABELS = [OFFER_LABEL, TOTAL.toUpperCase()];

const MANNER_KEYS: readonly MannerKey[] = ['datatype', 'tensor'];

/** Looks for what is wrong with models and the offer beyond their shape. */
export function checkCalls({ features, models, offer }: Definition, report: Report): void {
  const labels = new Map(OTHER_LABELS.map((label) => [label, 'a column of all members']));
  for (const [name, model] of Object.entries(models)) {
    const reportHere: Report = (path, message) => report(['models', name, ...path], message);
    if (isReserved(name)) reportHere([], 'cannot be the name of a model, because something else is called so');
    const label = labelOf(name, model).toUpperCase();
    const other = labels.get(label);
    if (other !== undefined) reportHere(model.label === undefined ? [] : ['label'], `is the label of ${other}, too`);
    labels.set(label, `the model ${name}`);
    checkUrl(model, reportHere);
    checkManner(model, reportHere);
    checkRange(model, reportHere);
    checkSend(model, Object.keys(features), reportHere);
    checkWhole(model, features, reportHere);
  }
  if (offer !== undefined)
    checkOffer(offer, Object.keys(models), (path, message) => report(['offer', ...path], message));
}

/** Also what every object has: a run's objects have values by the names of models. */
function isReserved(name: string): boolean {
  return RESERVED_NAMES.has(name) || RESERVED_FOR_MODELS.has(name) || name in Object.prototype;
}

function checkUrl({ url, protocol }: CallManner & { url: string }, report: Report): void {
  const problem = problemWithUrl(url);
  if (problem !== undefined) report(['url'], problem);
  else if (protocol === 'sagemaker' && variableIn(url) === undefined && sageMakerEndpointAt(url) === undefined) {
    report(['url'], `must be ${SAGEMAKER_ADDRESS}, or a variable`);
  }
}

/** What a call may say of how it is spoken to depends on its protocol and its layout. */
function checkManner(call: CallManner, report: Report): void {
  const { protocol = DEFAULT_PROTOCOL, layout, batch } = call;
  const known = namesIn(PROTOCOLS[protocol].layouts);
  if (layout !== undefined && !known.includes(layout)) {
    report(['layout'], `${protocol} has no layout ${layout}; ${insteadOf(layout, known)}`);
    return;
  }
  const { isSingle = false, needs = [] } = layoutOf(call);
  for (const key of MANNER_KEYS) {
    const isUsed = needs.includes(key) || PROTOCOLS[protocol].keys.includes(key);
    if (call[key] !== undefined && !isUsed) report([key], `is for ${usersOf(key)}`);
    if (call[key] === undefined && needs.includes(key)) report(['layout'], `${layout} needs ${key}, too`);
  }
  if (isSingle && batch?.rows !== undefined && batch.rows > 1) {
    const several = known.find((name) => layoutOf({ protocol, layout: name }).isSingle !== true);
    report(['batch', 'rows'], `must be 1, because the layout has one member per request: set layout: ${several}`);
  }
}

/** Where a key counts, in the words of a partner file. */
function usersOf(key: MannerKey): string {
  const users = PROTOCOL_NAMES.flatMap((protocol) => {
    const { keys, layouts } = PROTOCOLS[protocol];
    if (keys.includes(key)) return [`protocol: ${protocol}`];
    const inNeed = Object.entries(layouts).filter(([, { needs = [] }]) => needs.includes(key));
    return inNeed.map(([name]) => `protocol: ${protocol} with layout: ${name}`);
  });
  return users.join(', or ');
}

/** Whole numbers are sent only where features are whole: the others would be refused member by member. */
function checkWhole({ datatype, send }: ModelDefinition, features: Definition['features'], report: Report): void {
  if (!datatype?.startsWith('INT')) return;
  const sent = send === undefined ? Object.keys(features) : Object.values(send);
  const broken = sent.find((name) => features[name]?.mean !== undefined || features[name]?.share !== undefined);
  if (broken === undefined) return;
  const what = features[broken]?.mean === undefined ? 'a share' : 'a mean';
  report(['datatype'], `cannot be ${datatype}, because ${broken} is ${what}, which is hardly ever whole: set FP64`);
}

function checkRange({ expected: { from = -Infinity, to = Infinity } = {} }: ModelDefinition, report: Report): void {
  if (from > to) report(['expected'], 'must have its lower end in from, and its higher one in to');
}

function checkSend({ send }: ModelDefinition, features: readonly string[], report: Report): void {
  if (send === undefined) return;
  for (const [sent, feature] of Object.entries(send)) {
    if (!features.includes(feature))
      report(['send', sent], `there is no feature ${feature}; ${insteadOf(feature, features)}`);
  }
  if (!Array.isArray(send) && Object.keys(send).length === 0) report(['send'], 'must name at least one feature');
}

function checkOffer(offer: OfferDefinition, models: readonly string[], report: Report): void {
  checkUrl(offer, report);
  checkManner(offer, report);
  const unknown = (model: string) => `there is no model ${model}; ${insteadOf(model, models)}`;
  for (const [sent, model] of Object.entries(offer.send)) {
    if (!models.includes(model)) report(['send', sent], unknown(model));
  }
  const factors = offer.expectedValue ?? [];
  for (const [place, model] of factors.entries()) {
    if (!models.includes(model)) report(['expectedValue', String(place)], unknown(model));
  }
  if (factors.length === 2 && factors[0] === factors[1]) report(['expectedValue'], 'must be two models, not one twice');
}

/** The environment variables that a definition's addresses are in, each once. */
export function variablesOf({ models, offer }: Pick<Definition, 'models' | 'offer'>): string[] {
  const urls = [...Object.values(models), ...(offer === undefined ? [] : [offer])].map(({ url }) => url);
  return [...new Set(urls.flatMap((url) => variableIn(url) ?? []))];
}
