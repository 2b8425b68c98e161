import { batchesOnAws } from '../batching.ts';

/** Members of what counts as a large file here; their transactions are about a million rows. */
export const LARGE_MEMBERS = 229_000;

/** What it is cut into. */
export const LARGE_BATCHES = batchesOnAws(LARGE_MEMBERS);
