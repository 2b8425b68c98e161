import * as z from 'zod';

/**
 * Objects in the bucket outlive a deployment. Each says by which contract it was written; what says nothing is of the
 * first, which knew no others.
 *
 * 1. Members have the eight features and the three calls of `FIRST_FEATURES` and `FIRST_CALLS`.
 * 2. A run names its features and calls. Whoever goes on with it takes them from there.
 *
 * A change that older objects do not have is optional in its schema, or has what they mean as its default. A new
 * number is for a change after which an older version of the service would misunderstand an object.
 *
 * Notes and claims have none: all that a stage reads of them is which upload a run is of.
 */
export const CONTRACT_VERSION = 2;

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
