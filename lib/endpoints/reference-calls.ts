import { mapNames, namesIn } from '../registry.ts';

/** What default.yml calls, as the reference services answer it: where, and in which variable an address is expected. */
const REFERENCES = {
  ats: { path: '/ml/ats/predict', urlVariable: 'ATS_URL' },
  resp: { path: '/ml/resp/predict', urlVariable: 'RESP_URL' },
  offer: { path: '/offer/assign', urlVariable: 'OFFER_URL' },
} as const;

export type ReferenceCall = keyof typeof REFERENCES;
type UrlVariable = (typeof REFERENCES)[ReferenceCall]['urlVariable'];

export const REFERENCE: Readonly<Record<ReferenceCall, { path: string; urlVariable: UrlVariable }>> = REFERENCES;

/** In the order in which they are called. */
export const REFERENCE_CALLS = namesIn(REFERENCE);

/** `ATS_URL`, `RESP_URL` and `OFFER_URL`: all of them are set, or none, and then the reference services count. */
export const REFERENCE_VARIABLES = REFERENCE_CALLS.map((call) => REFERENCE[call].urlVariable);

/** Whether a variable is one of these. */
export function isReferenceVariable(variable: string): boolean {
  return REFERENCE_VARIABLES.some((known) => known === variable);
}

export function mapReferenceCalls<T>(value: (call: ReferenceCall) => T): Record<ReferenceCall, T> {
  return mapNames(REFERENCE_CALLS, value);
}
