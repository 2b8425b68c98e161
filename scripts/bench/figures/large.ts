import { batchesOnAws } from '../batching.ts';

/** The number of members of the large file; their transactions are about a million rows. */
export const LARGE_MEMBERS = 229_000;

/** The number of batches of the large file. */
export const LARGE_BATCHES = batchesOnAws(LARGE_MEMBERS);
