import type { CustomSeriesOption } from 'echarts/charts';

/** A point on axes from 0 to 1, or in pixels. */
export interface Point {
  x: number;
  y: number;
}

export interface PathStyle {
  fill?: string;
  fillOpacity?: number;
  stroke?: string;
  lineWidth?: number;
  lineDash?: number[];
}

/**
 * A series that is drawn as one path. A symbol for each point would make the page several times as large, and a line
 * series would add a clip path whose id is visible in the whole document.
 *
 * @param draw path data from the points in pixels
 * @param axes which of several pairs of axes the points are on
 */
export function pathSeries<P extends Point>(
  points: readonly P[],
  draw: (pixels: readonly P[]) => string,
  style: PathStyle,
  axes = 0,
): CustomSeriesOption {
  return {
    type: 'custom',
    xAxisIndex: axes,
    yAxisIndex: axes,
    data: points.slice(0, 1).map(({ x, y }) => [x, y]),
    renderItem: (_params, api) => {
      const pixels = points.map((point) => {
        const [x = 0, y = 0] = api.coord([point.x, point.y]);
        return { ...point, x, y };
      });
      return { type: 'path', shape: { pathData: draw(pixels) }, style: { fill: 'none', ...style } };
    },
  };
}

/** A line through points in pixels. */
export function linePath(pixels: readonly Point[]): string {
  return pixels.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');
}

/** Rounds to a tenth of a pixel, which is as fine as one can see: thousands of symbols need many characters. */
export function short(pixels: number): string {
  return String(Math.round(pixels * 10) / 10);
}
