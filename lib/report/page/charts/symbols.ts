import type { Shape } from './offer-ranks.ts';
import { short } from './path-series.ts';

/** The corners of shapes that look about as large as a circle of radius 1. */
const CORNERS: Record<Exclude<Shape, 'circle'>, readonly (readonly [number, number])[]> = {
  diamond: [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
  triangle: [
    [0, -1.5],
    [1.35, 0.83],
    [-1.35, 0.83],
  ],
  square: [
    [-0.89, -0.89],
    [0.89, -0.89],
    [0.89, 0.89],
    [-0.89, 0.89],
  ],
  wedge: [
    [0, 1.5],
    [1.35, -0.83],
    [-1.35, -0.83],
  ],
};

/** The outline of a symbol, as SVG path data. */
export function symbolPath(shape: Shape, x: number, y: number, radius: number): string {
  if (shape === 'circle') {
    const [r, left] = [short(radius), short(x - radius)];
    return `M${left} ${short(y)}a${r} ${r} 0 1 1 ${short(2 * radius)} 0a${r} ${r} 0 1 1 ${short(-2 * radius)} 0Z`;
  }
  const corners = CORNERS[shape].map(([dx, dy]) => `${short(x + dx * radius)} ${short(y + dy * radius)}`);
  return `M${corners.join('L')}Z`;
}
