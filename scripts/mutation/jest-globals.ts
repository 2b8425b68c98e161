import { substitute } from './fresh-modules.ts';

/** The part of `@jest/globals` that the tests need. The package itself can be imported only within jest. */
export const jest = {
  unstable_mockModule(specifier: string, exportsOf: () => Record<string, unknown>): void {
    substitute(specifier, exportsOf());
  },
};
