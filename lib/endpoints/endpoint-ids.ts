import { callNames } from '../calls.ts';
import { DEFAULT_PARTNER, type Partners } from '../partners/partners.ts';

/**
 * Tells an endpoint from all others of a deployment, in metrics and where headers are kept: `ats` of default.yml, and
 * `acme/spend` of a partner that has a file of its own.
 */
export function endpointIdOf(partner: string, call: string): string {
  return partner === DEFAULT_PARTNER ? call : `${partner}/${call}`;
}

/** Of all endpoints of a deployment. */
export function endpointIdsOf({ names, read }: Partners): string[] {
  const defaultFirst = names.toSorted(
    (one, other) => Number(other === DEFAULT_PARTNER) - Number(one === DEFAULT_PARTNER),
  );
  return defaultFirst.flatMap((partner) =>
    callNames(read(partner).definition).map((call) => endpointIdOf(partner, call)),
  );
}
