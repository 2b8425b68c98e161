/** Members of what counts as a large file here; their transactions are about a million rows. */
export const LARGE_MEMBERS = 229_000;
