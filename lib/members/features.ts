/** One member's features by name, in the run's order, unrounded. */
export type Features = Record<string, number>;
