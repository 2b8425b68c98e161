import { cutMembers } from '../../lib/stages/features/batches.ts';
import { SERVICE } from './measured-service.ts';

/** The number of batches that the features stage makes of so many members on AWS. */
export function batchesOnAws(members: number): number {
  return cutMembers(members, SERVICE.batching).batches;
}
