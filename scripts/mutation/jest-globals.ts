import { substitute } from './fresh-modules.ts';

/** As much of `@jest/globals`, which can be imported in jest alone, as the tests need that are tried on mutants. */
export const jest = {
  unstable_mockModule(specifier: string, exportsOf: () => Record<string, unknown>): void {
    substitute(specifier, exportsOf());
  },
};
