import { excerpt } from '../../excerpt.ts';
import type { Fact, KeyFigure } from '../view/facts.ts';
import type { FailureRow, ProblemRow } from '../view/problems.ts';
import { heading, heightOf, type Line, label, number, text, WHOLE_FORMAT } from './cells.ts';

/** The left half of the sheet Summary, three columns wide: the run's facts, its key figures, and what went wrong. */

const COLUMNS = 3;

/** How many characters fit on a line of two columns; less than their width, because lines break between words. */
const TEXT_WIDTH = 66;
const VALUE_WIDTH = 52;

const MAX_EXAMPLE_LENGTH = 180;

export function factLines(facts: readonly Fact[]): Line[] {
  return [
    section('Run'),
    ...facts.map(({ name, text: value }): Line => {
      return { cells: [label(name), text(value, COLUMNS - 1)], height: heightOf(value, VALUE_WIDTH) };
    }),
  ];
}

/** The key figures with their parts. Figures without parts are left out, because they are shown elsewhere. */
export function keyFigureLines(figures: readonly KeyFigure[]): Line[] {
  return figures
    .filter(({ parts }) => parts.length > 0)
    .flatMap(({ name, parts }) => [
      { cells: [] },
      section(name),
      ...parts.map((part) => countLine(part.name, part.value)),
    ]);
}

export function failureLines(failures: readonly FailureRow[]): Line[] {
  if (failures.length === 0) return [];
  const lines = failures.map(({ problem, example, count }) =>
    countLine(example === undefined ? problem : `${problem}: ${excerpt(example, MAX_EXAMPLE_LENGTH)}`, count),
  );
  return [{ cells: [] }, section('What failed'), ...lines];
}

export function rejectionLines(rejections: readonly ProblemRow[]): Line[] {
  if (rejections.length === 0) return [];
  const lines = rejections.map(({ problem, count }) => countLine(problem, count));
  return [{ cells: [] }, section('Why rows were rejected'), ...lines];
}

function section(name: string): Line {
  return { cells: [heading(name, COLUMNS)] };
}

function countLine(name: string, value: number): Line {
  return { cells: [label(name, COLUMNS - 1), number(value, WHOLE_FORMAT)], height: heightOf(name, TEXT_WIDTH) };
}
