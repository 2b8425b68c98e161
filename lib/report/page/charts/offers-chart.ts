import { plainText } from '../../view/plain-text.ts';
import { categoryAxis, chartText, type Drawing, LABEL_SIZE, TEXT_COLOUR, type Width } from './chart.ts';

const CHARACTER_WIDTH = 7.5;

/** How many characters of an offer's name there is room for. */
const NAME_LENGTHS: Record<Width, number> = { wide: 32, narrow: 28 };

/** The height of a bar and the gap to the next. On a narrow screen the label is above the bar. */
const PITCHES: Record<Width, number> = { wide: 34, narrow: 42 };
const BAR_HEIGHTS: Record<Width, number> = { wide: 20, narrow: 14 };

/** Room for count and share beside the longest bar. */
const LABEL_WIDTH = 130;

/** An offer with its members. */
export interface OfferBar {
  name: string;
  members: number;
  /** Members and share, beside the bar. */
  numbers: string;
  /** A custom property of the page's style. */
  colour: string;
}

/** How many members get each offer, as bars. */
export function offersChart(offers: readonly OfferBar[], width: Width): Drawing {
  const names = offers.map(({ name }) => chartText(plainText(name, NAME_LENGTHS[width])));
  const largest = Math.max(1, ...offers.map(({ members }) => members));
  return {
    height: offers.length * PITCHES[width] + 8,
    option: {
      grid: gridFor(names, width),
      xAxis: { type: 'value', show: false, min: 0, max: 1 },
      yAxis: { ...uniqueCategories(names), show: width === 'wide' },
      series: offers.map((offer, index) => ({
        type: 'bar',
        barWidth: BAR_HEIGHTS[width],
        barGap: '-100%',
        data: [[offer.members / largest, index]],
        itemStyle: { color: offer.colour, borderRadius: [0, 3, 3, 0] },
        label: {
          show: true,
          position: width === 'wide' ? 'right' : [0, -15],
          color: TEXT_COLOUR,
          fontSize: LABEL_SIZE,
          formatter: () => (width === 'wide' ? offer.numbers : `${names[index]}: ${offer.numbers}`),
        },
      })),
    },
  };
}

function gridFor(names: readonly string[], width: Width) {
  if (width === 'narrow') return { left: 2, right: 2, top: 10, bottom: 0 };
  const longest = Math.max(...names.map((name) => name.length));
  return { left: longest * CHARACTER_WIDTH + 16, right: LABEL_WIDTH, top: 4, bottom: 4 };
}

/** Makes each offer a category of its own, even when two long names are equal after they are cut. */
function uniqueCategories(names: readonly string[]) {
  const axis = categoryAxis(names.map((_, index) => String(index)));
  return { ...axis, axisLabel: { ...axis.axisLabel, interval: 0, formatter: (index: string) => names[Number(index)] } };
}
