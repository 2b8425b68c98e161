import { MemberAggregates } from '../../lib/members/aggregates.ts';
import { compileFeatures } from '../../lib/members/compiled-features.ts';
import { parseDay } from '../../lib/transactions/cells.ts';
import { projectPartner } from '../shared/project-partners.ts';

/** How files are read here. */
export const DEFAULT_DEFINITION = projectPartner('default').definition;

/** Aggregates of nobody, with what the default partner's features need. @param asOf `YYYY-MM-DD` */
export function defaultAggregates(asOf: string): MemberAggregates {
  return new MemberAggregates(compileFeatures(DEFAULT_DEFINITION), parseDay(asOf) ?? 0);
}
