import { cutMembers } from '../../lib/stages/features/batches.ts';
import { SERVICE } from './measured-service.ts';

/** As many as features makes of so many members on AWS. */
export function batchesOnAws(members: number): number {
  return cutMembers(members, SERVICE.batching).batches;
}
