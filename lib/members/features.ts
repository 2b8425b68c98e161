import type { FeatureName, Features, Step } from '../contracts.ts';
import { now, StepTimer } from '../timing.ts';
import { MS_PER_DAY } from '../transactions/cells.ts';
import type { Ledger } from './ledger.ts';

/** @param asOfDay days since the epoch, UTC */
type Feature = (ledger: Ledger, member: number, asOfDay: number) => number;

/** The definitions, over all of a member's accepted transactions, in full double precision. */
const FEATURES: Record<FeatureName, Feature> = {
  AVG_POINTS_BOUGHT: (ledger, member) => ledger.totalPoints(member) / ledger.transactions(member),
  AVG_REVENUE_USD: (ledger, member) => ledger.totalRevenueUsd(member) / ledger.transactions(member),
  LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: (ledger, member) => ledger.recentMeanPoints(member),
  LAST_3_TRANSACTIONS_AVG_REVENUE_USD: (ledger, member) => ledger.recentMeanRevenueUsd(member),
  PCT_BUY_TRANSACTIONS: (ledger, member) => ledger.ofKind(member, 'buy') / ledger.transactions(member),
  PCT_GIFT_TRANSACTIONS: (ledger, member) => ledger.ofKind(member, 'gift') / ledger.transactions(member),
  PCT_REDEEM_TRANSACTIONS: (ledger, member) => ledger.ofKind(member, 'redeem') / ledger.transactions(member),
  DAYS_SINCE_LAST_TRANSACTION: (ledger, member, asOfDay) => asOfDay - Math.floor(ledger.lastTime(member) / MS_PER_DAY),
};

/**
 * How many members are timed together. One member's feature takes less than reading the clock does, so that timing
 * each would measure the clock.
 */
const MEMBERS_PER_OBSERVATION = 64;

/** Every member's features, a column each, and how long each column took. */
export class FeatureTable {
  readonly #columns: Record<FeatureName, Float64Array>;
  readonly steps: readonly Step[];

  /** @param asOfDay days since the epoch, UTC */
  constructor(ledger: Ledger, asOfDay: number) {
    const timers: StepTimer[] = [];
    const column = (name: FeatureName): Float64Array => {
      const timer = new StepTimer({ step: name, unit: `${MEMBERS_PER_OBSERVATION} members`, items: 'members' });
      timers.push(timer);
      return computeColumn(FEATURES[name], ledger, asOfDay, timer);
    };
    this.#columns = mapFeatures(column);
    this.steps = timers.map((timer) => timer.statistics());
  }

  /** One member's features. */
  of(member: number): Features {
    return mapFeatures((name) => this.#columns[name][member] ?? 0);
  }
}

function computeColumn(feature: Feature, ledger: Ledger, asOfDay: number, timer: StepTimer): Float64Array {
  const column = new Float64Array(ledger.size);
  for (let first = 0; first < ledger.size; first += MEMBERS_PER_OBSERVATION) {
    const end = Math.min(first + MEMBERS_PER_OBSERVATION, ledger.size);
    const from = now();
    for (let member = first; member < end; member++) column[member] = feature(ledger, member, asOfDay);
    timer.stop(from, end - first);
  }
  return column;
}

function mapFeatures<T>(value: (name: FeatureName) => T): Record<FeatureName, T> {
  return {
    AVG_POINTS_BOUGHT: value('AVG_POINTS_BOUGHT'),
    AVG_REVENUE_USD: value('AVG_REVENUE_USD'),
    LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT: value('LAST_3_TRANSACTIONS_AVG_POINTS_BOUGHT'),
    LAST_3_TRANSACTIONS_AVG_REVENUE_USD: value('LAST_3_TRANSACTIONS_AVG_REVENUE_USD'),
    PCT_BUY_TRANSACTIONS: value('PCT_BUY_TRANSACTIONS'),
    PCT_GIFT_TRANSACTIONS: value('PCT_GIFT_TRANSACTIONS'),
    PCT_REDEEM_TRANSACTIONS: value('PCT_REDEEM_TRANSACTIONS'),
    DAYS_SINCE_LAST_TRANSACTION: value('DAYS_SINCE_LAST_TRANSACTION'),
  };
}
