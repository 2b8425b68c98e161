import * as z from 'zod';

/**
 * Objects in the bucket outlive a deployment. Each names the version of the contract that it was written by; an object
 * that names none has version 1.
 *
 * 1. Members have the eight features and the three calls of `FIRST_FEATURES` and `FIRST_CALLS`.
 * 2. A run names its features and calls, and every stage takes them from there.
 * 3. A run carries what its partner's file said when it began: how its file is read, and how each feature is computed.
 * 4. That says besides which models and which offer service are called. Batches and summaries carry it, too.
 * 5. A request may have the rows of several members. Results and checkpoints say how many requests there were, because
 *    the members' attempts do not tell any more.
 *
 * A new field is optional in its schema, or its default is what older objects mean. Raise the number only when an older
 * version of the service would misunderstand the new objects.
 *
 * Progress notes and claims have no version: a stage reads from them only which upload a run belongs to.
 */
export const CONTRACT_VERSION = 5;

export const contractVersionSchema = z
  .int()
  .positive()
  .max(CONTRACT_VERSION, `is of a newer version of the service, which has to be deployed to go on with it`)
  .optional();

/** The features of a run that names none, in their order. */
export const FIRST_FEATURES = [
  'AVG_POINTS_BOUGHT',
  'AVG_REVENUE_USD',
  'LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT',
  'LAST_3_TRANSACTIONS_AVG_REVENUE_USD',
  'PCT_BUY_TRANSACTIONS',
  'PCT_GIFT_TRANSACTIONS',
  'PCT_REDEEM_TRANSACTIONS',
  'DAYS_SINCE_LAST_TRANSACTION',
];

/** The calls of a run that names none. */
export const FIRST_CALLS = ['ats', 'resp', 'offer'];
