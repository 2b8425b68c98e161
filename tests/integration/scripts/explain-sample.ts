/** A file whose members' features can be worked out by hand, as of 2024-01-31. */
export const HEADER =
  'MEMBER_ID,LAST_TRANSACTION_TS,LAST_TRANSACTION_TYPE,LAST_TRANSACTION_POINTS_BOUGHT,LAST_TRANSACTION_REVENUE_USD';

/** M0012: (1200 + 0 − 300 + 500) / 4 points; of the two at the same time, line 4 counts as the more recent. */
export const CSV = [
  HEADER,
  'M0012,2023-12-20 10:00:00,buy,1200,12.5',
  'M0112,2024-01-01,gift,100,1',
  'M0012,2023-12-20 10:00:00,,NA,4',
  'M0012,2024-01-10,redeem,-300,0',
  'M0012,2023-12-31 23:59:59,buy,500,3.5',
  'M0012,2024-02-01,buy,9999,1',
  'ONLY-REJECTED,2024-01-01,buy,many,1',
].join('\n');
