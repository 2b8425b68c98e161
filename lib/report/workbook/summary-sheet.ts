import type { Summary } from '../../run/summary.ts';
import { type RunView, viewOf } from '../view/view.ts';
import { type Cell, heightOf, type Line, writeLines } from './cells.ts';
import { costLines } from './summary-cost.ts';
import { factLines, failureLines, keyFigureLines, rejectionLines } from './summary-intake.ts';
import { boundaryLines, durationLines, offerLines, requestLines, spreadLines } from './summary-outcome.ts';
import { cellText } from './text.ts';
import { ACCENT, FONT, LANDSCAPE, type ReportWorkbook } from './workbook.ts';

const STATUS_COLOURS: Record<Summary['status'], string> = {
  COMPLETE: 'FF2E7D32',
  PARTIAL: 'FF8A5200',
  FAILED: 'FFC62828',
};

/** The colour of what is no failure but should be checked. */
const CHECK_COLOUR = 'FF8A5200';

/** The largest number of lines of each list, so that the sheet fits on one page. */
const ROOM = { offers: 8, failures: 4, rejections: 6, boundaries: 4 };

/** Widths of the columns in characters: the left half, the gap between the halves, the right half. */
const LEFT_WIDTHS = [24, 34, 12];
const GAP = 3;
const RIGHT_WIDTHS = [24, 13, 13, 13, 13, 13];

const LEFT_COLUMNS = LEFT_WIDTHS.length;
const ALL_COLUMNS = LEFT_COLUMNS + 1 + RIGHT_WIDTHS.length;
const MEANING_WIDTH = 130;

/** Inches. */
const MARGINS = { left: 0.4, right: 0.4, top: 0.5, bottom: 0.5, header: 0.2, footer: 0.2 };

/** Points. */
const BADGE_HEIGHT = 26;

/** Writes the sheet Summary: the run at a glance, on one screen and one printed page. */
export function writeSummarySheet(workbook: ReportWorkbook, summary: Summary): void {
  const sheet = workbook.addWorksheet('Summary', {
    views: [{ showGridLines: false }],
    pageSetup: {
      ...LANDSCAPE,
      margins: MARGINS,
      fitToHeight: 1,
    },
  });
  sheet.columns = [...LEFT_WIDTHS, GAP, ...RIGHT_WIDTHS].map((width) => ({ width }));
  const view = viewOf(summary, ROOM);
  const left = [
    ...factLines(view.facts),
    ...keyFigureLines(view.keyFigures),
    ...failureLines(view.failures),
    ...rejectionLines(view.rejections),
  ];
  const right = [
    ...(view.calls.offer === undefined ? [] : offerLines(view.offers)),
    ...spreadLines(view.spreads),
    ...boundaryLines(view.boundaries),
    ...durationLines(view, summary.elapsedMs),
    ...requestLines(view.requests),
    ...costLines(view.cost),
  ];
  writeLines(sheet, 1, [...titleLines(view), ...sideBySide(left, withoutBlankStart(right))]);
  sheet.commit();
}

/** Each part begins with a blank line, except for the first that there always was. */
function withoutBlankStart(lines: readonly Line[]): readonly Line[] {
  return lines.slice(
    Math.max(
      0,
      lines.findIndex(({ cells }) => cells.length > 0),
    ),
  );
}

function titleLines({ status, reason, checks }: RunView): Line[] {
  const title: Cell = {
    value: 'Member offers',
    style: { font: { ...FONT, bold: true, size: 18, color: { argb: ACCENT } }, alignment: { vertical: 'middle' } },
  };
  return [
    { cells: [title], height: 30 },
    badgeLine(status, STATUS_COLOURS[status], reason),
    ...checks.map(({ sentence }) => badgeLine('CHECK', CHECK_COLOUR, sentence)),
    { cells: [], height: 6 },
  ];
}

/** A line with a coloured word and its meaning. */
function badgeLine(word: string, colour: string, meaning: string): Line {
  const badge: Cell = {
    value: word,
    style: {
      font: { ...FONT, bold: true, size: 14, color: { argb: 'FFFFFFFF' } },
      fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: colour } },
      alignment: { horizontal: 'center', vertical: 'middle' },
    },
  };
  const text: Cell = {
    value: cellText(meaning),
    style: { font: FONT, alignment: { horizontal: 'left', vertical: 'middle', wrapText: true, indent: 1 } },
    columns: ALL_COLUMNS - 1,
  };
  return { cells: [badge, text], height: Math.max(BADGE_HEIGHT, heightOf(meaning, MEANING_WIDTH)) };
}

/** Joins the lines of both halves into rows. A row is as high as the higher of its two lines. */
function sideBySide(left: readonly Line[], right: readonly Line[]): Line[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const cells = left[index]?.cells ?? [];
    const columns = cells.reduce((sum, cell) => sum + (cell?.columns ?? 1), 0);
    const padding = Array.from({ length: LEFT_COLUMNS + 1 - columns }, () => undefined);
    const height = Math.max(left[index]?.height ?? 0, right[index]?.height ?? 0);
    return { cells: [...cells, ...padding, ...(right[index]?.cells ?? [])], ...(height > 0 ? { height } : {}) };
  });
}
