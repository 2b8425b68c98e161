import { type Figure, figureRows } from './figure.ts';

/** Names of the figures in `bench.json`. */
export type FigureName =
  | 'saturation'
  | 'saturationSlow'
  | 'saturationBatched'
  | 'scoringBatched'
  | 'wholeRunBatchedSeconds'
  | 'featuresRatio'
  | 'featuresPeakMb'
  | 'reportRatio'
  | 'reportPeakMb'
  | 'wholeRunRatio'
  | 'wholeRunLargeRatio'
  | 'growthSpread'
  | 'coldStartMs'
  | 'bundleBytes'
  | 'usdPerMillionMembers'
  | 'usdPerMillionMembersBatched';

/** All figures that have been measured so far. Each is printed when it is added. */
export class Results {
  readonly figures: Figure[] = [];
  readonly #values = new Map<FigureName, number | Record<string, number>>();
  /** The calculation of the cost, in lines. */
  bill: string[] = [];

  /** @param part the function that the figure is of, when there is one figure per function */
  add(name: FigureName, figure: Figure, part?: string): void {
    this.figures.push(figure);
    const value = name === 'bundleBytes' ? figure.value.median * 1000 : figure.value.median;
    const others = this.#values.get(name);
    this.#values.set(
      name,
      part === undefined ? value : { ...(typeof others === 'object' ? others : {}), [part]: value },
    );
    const [, row = []] = figureRows([figure]);
    console.log(
      row
        .filter((cell) => cell !== '')
        .join('  ')
        .trimEnd(),
    );
  }

  /** The medians by name. */
  json(): Record<string, unknown> {
    return Object.fromEntries(this.#values);
  }
}
