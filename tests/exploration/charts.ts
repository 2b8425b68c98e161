import { jest } from '@jest/globals';

/**
 * Leaves the charts out of pages, once this is imported: drawing them takes longer than all else of a run, and they
 * are drawn from the page's own figures.
 */
jest.unstable_mockModule('echarts/core', () => ({
  use: () => undefined,
  init: () => ({ setOption: () => undefined, renderToSVGString: () => '<svg></svg>', dispose: () => undefined }),
}));
