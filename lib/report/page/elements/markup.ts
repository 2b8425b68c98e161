import { type ComponentChildren, h, type JSX } from 'preact';
import { type Drawing, renderSvg, WIDTHS, type Width } from '../charts/chart.ts';
import type { Shape } from '../charts/offer-ranks.ts';
import { symbolPath } from '../charts/symbols.ts';

/** A part of the page with its heading. */
export function section(id: string, title: string, ...children: ComponentChildren[]): JSX.Element {
  const headingId = `${id}-heading`;
  return h('section', { id, 'aria-labelledby': headingId }, h('h2', { id: headingId }, title), ...children);
}

/** @param alternative describes the chart in words and numbers */
export function figure(
  alternative: string,
  caption: ComponentChildren,
  draw: (width: Width) => Drawing,
  legend?: JSX.Element,
): JSX.Element {
  const drawing = (width: Width) =>
    h('div', {
      class: width,
      'aria-hidden': 'true',
      dangerouslySetInnerHTML: { __html: renderSvg(WIDTHS[width], draw(width)) },
    });
  return h(
    'figure',
    null,
    h('figcaption', null, caption),
    legend,
    h('div', { class: 'chart', role: 'img', 'aria-label': alternative }, drawing('wide'), drawing('narrow')),
  );
}

export interface LegendEntry {
  name: string;
  colour: string;
  shape: Shape | 'bar' | 'thin' | 'dashes';
}

/** A legend that says what colours and shapes mean. */
export function legend(entries: readonly LegendEntry[]): JSX.Element {
  return h('ul', { class: 'legend' }, ...entries.map((entry) => h('li', null, swatch(entry), entry.name)));
}

const SWATCH_PATHS: Record<'bar' | 'thin', string> = { bar: 'M0 2H14V12H0Z', thin: 'M0 5.5H14V8.5H0Z' };

function swatch({ colour, shape }: LegendEntry): JSX.Element {
  const path =
    shape === 'dashes'
      ? h('path', { d: 'M0 7H14', stroke: colour, 'stroke-width': 2, 'stroke-dasharray': '4 2' })
      : h('path', {
          d: shape === 'bar' || shape === 'thin' ? SWATCH_PATHS[shape] : symbolPath(shape, 7, 7, 4.5),
          fill: colour,
        });
  return h('svg', { width: 14, height: 14, viewBox: '0 0 14 14', 'aria-hidden': 'true' }, path);
}

export interface TableColumn<Row> {
  name: string;
  cell: (row: Row) => ComponentChildren;
  numeric?: boolean;
}

/**
 * A table whose first column names its rows. A table that is wider than the page scrolls by itself.
 *
 * @param layout with `wrapped`, long texts take several lines and the table does not scroll
 */
export function table<Row>(
  caption: string,
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  layout?: 'wrapped',
): JSX.Element {
  const classOf = ({ numeric }: TableColumn<Row>) => (numeric ? 'number' : undefined);
  const header = columns.map((column) => h('th', { scope: 'col', class: classOf(column) }, column.name));
  const line = (row: Row) =>
    columns.map((column, index) =>
      index === 0
        ? h('th', { scope: 'row', class: classOf(column) }, column.cell(row))
        : h('td', { class: classOf(column) }, column.cell(row)),
    );
  return h(
    'div',
    { class: 'table', role: 'region', 'aria-label': caption, tabIndex: 0 },
    h(
      'table',
      { class: layout },
      h('caption', null, caption),
      h('thead', null, h('tr', null, ...header)),
      h('tbody', null, ...rows.map((row) => h('tr', null, ...line(row)))),
    ),
  );
}

/** A share as a bar. It is hidden from screen readers, because the number stands beside it. */
export function shareBar(share: number): JSX.Element {
  const width = `${(Math.min(1, Math.max(0, share)) * 100).toFixed(1)}%`;
  return h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { style: `width:${width}` }));
}
