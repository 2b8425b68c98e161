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

/** Pixels. A phone gets a drawing of its own, for text that shrinks with a wide one cannot be read there. */
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
 * Drops what only a live chart needs: hover rules, metadata, the transparent ground, a font that the page sets.
 * Texts cannot be mistaken for markup: their `<` and `"` are escaped.
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
 * A text from outside as a chart may be given it. zrender keeps the widths of texts in a plain object and takes for one
 * of its own entries what every object has by that name: with `__proto__` it writes to the prototype of all objects.
 */
export function chartText(text: string): string {
  return text in Object.prototype ? `${text}${INVISIBLE}` : text;
}

/** A scale from 0 to 1, whatever it measures: no value is too large or too near another to be drawn. */
export interface AxisScale {
  place: (value: number) => number;
  ticks: readonly { at: number; label: string }[];
}

/** A numeric axis with ticks of its own choice, and its grid lines. */
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

/** An axis of names, the first on top. */
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
