import type { CustomSeriesOption } from 'echarts/charts';

/** A place on axes from 0 to 1, or in pixels. */
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
 * A series that is drawn as one path: a symbol each would weigh several times as much, and a line series brings a clip
 * path whose id is the document's.
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

/** A tenth of a pixel is as fine as it shows, and thousands of symbols are heavy. */
export function short(pixels: number): string {
  return String(Math.round(pixels * 10) / 10);
}
