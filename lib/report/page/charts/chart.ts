import { minIndex } from 'd3-array';
import { BarChart, CustomChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, CustomChart, GridComponent, TitleComponent, SVGRenderer]);

/** Colours are custom properties of the page, so that one drawing serves its light and its dark theme. */
export const TEXT_COLOUR = 'var(--text)';
export const MUTED_COLOUR = 'var(--muted)';
export const LINE_COLOUR = 'var(--line)';
export const BACKGROUND_COLOUR = 'var(--surface)';

export const LABEL_SIZE = 12;

/** Pixels. A phone gets a narrow drawing, because nobody can read the text of a wide one that is scaled down. */
export const WIDTHS = { wide: 820, narrow: 340 } as const;
export type Width = keyof typeof WIDTHS;

export interface Drawing {
  height: number;
  option: echarts.EChartsCoreOption;
}

/** Draws a chart as SVG, which scales with the page. */
export function renderSvg(width: number, { height, option }: Drawing): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    return compact(chart.renderToSVGString({ useViewBox: true }));
  } finally {
    chart.dispose();
  }
}

/**
 * Removes what only an interactive chart needs: hover rules, metadata, the transparent background, a font that the page
 * sets. The expressions match no text of the chart, because `<` and `"` are escaped there.
 */
function compact(svg: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events|xmlns:xlink|baseProfile|version|xml:space)="[^"]*"/g, '')
    .replace(/<rect [^>]*fill="none"><\/rect>/, '')
    .replace(/style="font-size:(\d+)px;font-family:[^;"]*;(?:font-weight:(\w+);)?"/g, (_, size, weight) =>
      weight === undefined ? `font-size="${size}"` : `font-size="${size}" font-weight="${weight}"`,
    )
    .replace(/<\/?g><\/g>/g, '')
    .replace(/\n+/g, '');
}

const INVISIBLE = '\u200B';

/**
 * Makes a text from outside safe for a chart. zrender keeps the widths of texts in a plain object and takes inherited
 * properties for its own entries: for the text `__proto__` it would write to the prototype of all objects.
 */
export function chartText(text: string): string {
  return text in Object.prototype ? `${text}${INVISIBLE}` : text;
}

/** A scale that maps values to 0 to 1, so that values of any size and any distance can be drawn. */
export interface AxisScale {
  place: (value: number) => number;
  ticks: readonly { at: number; label: string }[];
}

/** A numeric axis with the ticks of the scale, and its grid lines. */
export function valueAxis({ ticks }: AxisScale, name?: string) {
  const customValues = ticks.map(({ at }) => at);
  const nearest = (at: number) => minIndex(customValues, (tick) => Math.abs(tick - at));
  return {
    type: 'value' as const,
    min: 0,
    max: 1,
    name,
    nameLocation: 'middle' as const,
    nameGap: 26,
    nameTextStyle: { color: MUTED_COLOUR, fontSize: LABEL_SIZE },
    axisLine: { show: true, onZero: false, lineStyle: { color: LINE_COLOUR } },
    axisTick: { show: false, customValues },
    axisLabel: {
      color: MUTED_COLOUR,
      fontSize: LABEL_SIZE,
      customValues,
      formatter: (at: number) => ticks[nearest(at)]?.label ?? '',
    },
    splitLine: { show: true, lineStyle: { color: LINE_COLOUR } },
  };
}

/** An axis of names, with the first at the top. */
export function categoryAxis(names: readonly string[]) {
  return {
    type: 'category' as const,
    data: [...names],
    inverse: true,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: TEXT_COLOUR, fontSize: LABEL_SIZE },
    splitLine: { show: false },
  };
}
