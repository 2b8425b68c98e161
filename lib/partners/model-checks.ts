import { TOTAL } from '../timing/steps.ts';
import { problemWithUrl, variableIn } from './call-url.ts';
import type { Definition, ModelDefinition, OfferDefinition } from './definition.ts';
import type { Report } from './field-checks.ts';
import { labelOf, OFFER_LABEL } from './labels.ts';
import { insteadOf } from './nearest.ts';
import { RESERVED_FOR_MODELS, RESERVED_NAMES } from './reserved-names.ts';

/** The labels of columns that every report has. */
const OTHER_LABELS = [OFFER_LABEL, TOTAL.toUpperCase()];

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
    checkRange(model, reportHere);
    checkSend(model, Object.keys(features), reportHere);
  }
  if (offer !== undefined)
    checkOffer(offer, Object.keys(models), (path, message) => report(['offer', ...path], message));
}

/** Also what every object has: a run's objects have values by the names of models. */
function isReserved(name: string): boolean {
  return RESERVED_NAMES.has(name) || RESERVED_FOR_MODELS.has(name) || name in Object.prototype;
}

function checkUrl({ url }: { url: string }, report: Report): void {
  const problem = problemWithUrl(url);
  if (problem !== undefined) report(['url'], problem);
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
