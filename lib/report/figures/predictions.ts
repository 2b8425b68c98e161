import { group } from 'd3-array';
import type { Calls } from '../../calls.ts';
import { type Outcome, predictionIn } from '../../run/contracts.ts';
import type { Boundary, Spread, Summary } from '../../run/summary.ts';
import { expectedValue, middleOf } from './expected-value.ts';
import { MAX_DRAWN_OFFERS } from './largest-offers.ts';
import { OfferCounts } from './offer-counts.ts';
import { NumberColumn, spreadOf } from './spread.ts';

/** Members within this share of a boundary count as near it. */
const NEAR = 0.1;

/** With more offers than this, boundaries between neighbouring offers say little. */
const MAX_OFFERS_WITH_BOUNDARIES = 10;

/** The number of cells in the plane of predictions: along the first factor of the expected value and along the second. */
const GRID = { across: 64, up: 40 };

/** Members with the same offer and nearly the same predictions. */
export interface PredictionCell {
  /** Undefined for all offers that charts do not show separately. */
  offer: string | undefined;
  /** Means over the cell's members of the predictions that are multiplied. */
  across: number;
  up: number;
  members: number;
}

type Scored = Extract<Outcome, { status: 'SCORED' }>;

/** All predictions and the offer of every scored member, 8 bytes each; `NaN` for models that the run does not call. */
export class Predictions {
  readonly #columns: ReadonlyMap<string, NumberColumn>;
  readonly #factors: readonly [string, string] | undefined;
  readonly #offer = new NumberColumn();
  readonly #offers = new OfferCounts();

  constructor({ models, expectedValue: multiplied }: Calls) {
    this.#columns = new Map(models.map(({ name }) => [name, new NumberColumn()]));
    this.#factors = multiplied && [multiplied.factors[0].name, multiplied.factors[1].name];
  }

  add(outcome: Scored): void {
    for (const [model, column] of this.#columns) column.push(predictionIn(outcome, model) ?? Number.NaN);
    if (outcome.offer !== undefined) this.#offer.push(this.#offers.add(outcome.offer));
  }

  get members(): number {
    return this.#offer.length;
  }

  /** Members per offer. */
  offers(): Pick<Summary, 'offers' | 'otherOffers'> {
    return this.#offers.counts();
  }

  spreads(): Summary['predictions'] {
    const spreads = [...this.#columns].flatMap(([model, column]) => {
      const spread = spreadOf(column.sorted());
      return spread === undefined ? [] : [[model, spread] as const];
    });
    return spreads.length === 0 ? undefined : Object.fromEntries(spreads);
  }

  /** The boundaries between offers that are neighbours on the scale of the expected value. */
  boundaries(): Boundary[] {
    if (this.#plane === undefined || this.#offers.size > MAX_OFFERS_WITH_BOUNDARIES) return [];
    const ladder = this.#expectedValues(this.#plane).toSorted((a, b) => a.spread.median - b.spread.median);
    return ladder.slice(1).flatMap((above, index) => {
      const below = ladder[index];
      return below === undefined ? [] : [boundaryBetween(below, above)];
    });
  }

  /** The plane of predictions in cells; at most a few thousand, however many members there are. */
  grid(): PredictionCell[] {
    if (this.#plane === undefined) return [];
    const [first, second] = this.#plane;
    const across = scaleOver(first, GRID.across);
    const up = scaleOver(second, GRID.up);
    const drawn = new Map(this.#offers.largest(MAX_DRAWN_OFFERS).map(({ index, offer }) => [index, offer]));
    const cells = new Map<string, PredictionCell>();
    for (let member = 0; member < this.members; member++) {
      const [x, y, index] = [first.at(member), second.at(member), this.#offer.at(member)];
      const offer = drawn.get(index);
      const key = `${across(x)} ${up(y)} ${offer === undefined ? '' : index}`;
      const cell = cells.get(key) ?? { offer, across: 0, up: 0, members: 0 };
      cells.set(key, cell);
      cell.members += 1;
      // A running mean, because sums of many large predictions would lose digits.
      cell.across += (x - cell.across) / cell.members;
      cell.up += (y - cell.up) / cell.members;
    }
    return [...cells.values()];
  }

  /** The predictions that are multiplied; undefined when none are, or the run calls only one of them. */
  get #plane(): readonly [NumberColumn, NumberColumn] | undefined {
    const [one, other] = (this.#factors ?? []).map((model) => this.#columns.get(model));
    return one?.hasNumbers && other?.hasNumbers ? [one, other] : undefined;
  }

  #expectedValues([one, other]: readonly [NumberColumn, NumberColumn]): OfferValues[] {
    const members = group(Array.from({ length: this.members }).keys(), (member) => this.#offer.at(member));
    return this.#offers.largest(MAX_OFFERS_WITH_BOUNDARIES).flatMap(({ offer, index }) => {
      const indexes = members.get(index) ?? [];
      const values = Float64Array.from(indexes, (member) => expectedValue(one.at(member), other.at(member)));
      const sorted = Array.from(values.sort());
      const spread = spreadOf(sorted);
      return spread ? [{ offer, sorted, spread }] : [];
    });
  }
}

/** The expected values of the members with one offer, in ascending order. */
interface OfferValues {
  offer: string;
  sorted: number[];
  spread: Spread;
}

function boundaryBetween(below: OfferValues, above: OfferValues): Boundary {
  const highestBelow = below.spread.max;
  const lowestAbove = above.spread.min;
  const middle = middleOf(highestBelow, lowestAbove);
  const isNear = (value: number) => Math.abs(value - middle) <= NEAR * Math.abs(middle);
  return {
    below: below.offer,
    above: above.offer,
    highestBelow,
    lowestAbove,
    near: countOf(below.sorted, isNear) + countOf(above.sorted, isNear),
    overlapping:
      countOf(below.sorted, (value) => value >= lowestAbove) + countOf(above.sorted, (value) => value <= highestBelow),
  };
}

function countOf(values: readonly number[], matches: (value: number) => boolean): number {
  let members = 0;
  for (const value of values) if (matches(value)) members += 1;
  return members;
}

/**
 * The square root with the value's sign: the scale on which predictions are drawn and divided into cells. Predictions
 * crowd near zero, which a linear scale does not show well, and some are zero, which a logarithmic scale cannot show.
 */
export function signedRoot(value: number): number {
  return Math.sign(value) * Math.sqrt(Math.abs(value));
}

/** Divides the range of a column, on the scale of the square root, into so many cells. */
function scaleOver(column: NumberColumn, cells: number): (value: number) => number {
  const sorted = column.sorted();
  const from = signedRoot(sorted.at(0) ?? 0);
  const width = (signedRoot(sorted.at(-1) ?? 0) - from) / cells;
  return (value) => (width > 0 ? Math.min(cells - 1, Math.floor((signedRoot(value) - from) / width)) : 0);
}
