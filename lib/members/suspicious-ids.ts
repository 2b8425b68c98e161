import { counted } from '../counted.ts';
import type { InputCheck } from '../transactions/understood.ts';
import { AlikeIds } from './alike-ids.ts';
import { FoundIds, idCheck, type Members, quoted } from './found-ids.ts';
import { ID_KINDS, mayHaveFraction, zerosBehindKeptDigits } from './id-kinds.ts';
import { marksOf } from './id-marks.ts';

const WITH_FRACTION = /^(\d+)\.0+$/;

/** How a spreadsheet ends the name of a group in its line of subtotals: `North Total`. */
const SUBTOTALS = [' total', ' ergebnis'];

const TOTALS = ['total', 'totals', 'grand total', 'subtotal', 'sum', 'summe', 'gesamt', 'gesamtsumme', 'insgesamt'];

/** What programs write for a member that they do not know. */
const NOBODY = [
  ['undefined', '[null]', '<null>', '(blank)', '(not set)', '00000000-0000-0000-0000-000000000000'],
  ['unknown', 'anonymous', 'guest', 'nobody', 'test', 'unbekannt', 'anonym'],
].flat();

/** By chance, so many zeros stand in place of the digits that a spreadsheet drops in one file of a thousand. */
const FEWEST_ZEROS = 3;

/** Ids that may be of nobody, of several members, or of a member that has another one. */
export function suspiciousIds(members: Members): InputCheck[] {
  const kinds = ID_KINDS.map((kind) => ({ kind, found: new FoundIds() }));
  const [withFraction, subtotals, longNumbers] = [new FoundIds(), new FoundIds(), new LongNumbers()];
  const alike = new AlikeIds(members);
  for (const [member, id] of members.memberIds.entries()) {
    const marks = marksOf(id);
    alike.look(id, marks);
    longNumbers.look(id, marks, members, member);
    if (endsAsSubtotal(id)) subtotals.add(id, members.transactions(member));
    for (const { kind, found } of kinds) if (kind.has(id, marks)) found.add(id, members.transactions(member));
    const whole = mayHaveFraction(id) ? WITH_FRACTION.exec(id)?.[1] : undefined;
    if (whole !== undefined && members.has(whole)) withFraction.add(id, members.transactions(member), whole);
  }
  const most = members.memberIds.length / 2;
  const unusual = kinds.filter(
    ({ kind, found }) => found.ids > 0 && !(kind.isUsualInMost === true && found.ids >= most),
  );
  return [
    ...unusual.flatMap(({ kind, found }) => idCheck(found.ofRows(kind.says), kind.advice(found.example))),
    ...longNumbers.checks,
    ...fractionCheck(withFraction),
    ...alike.checks,
    ...totalsCheck(members, subtotals),
    ...nobodyCheck(members),
  ];
}

/** Numbers with more digits than a spreadsheet keeps, all of which may have lost the last ones. */
class LongNumbers {
  readonly #found = new FoundIds();
  #zeros = 0;
  #areOthers = false;

  look(id: string, marks: number, members: Members, member: number): void {
    if (this.#areOthers) return;
    const zeros = zerosBehindKeptDigits(id, marks);
    if (zeros === 0) this.#areOthers = true;
    if (zeros <= 0) return;
    this.#zeros += zeros;
    this.#found.add(id, members.transactions(member));
  }

  get checks(): InputCheck[] {
    if (this.#areOthers || this.#zeros < FEWEST_ZEROS) return [];
    return idCheck(
      `${this.#found.ofRows(['has', 'have'])} zeros from the 16th digit on, as all do that are so long`,
      `${this.#found.example} may stand for several members: spreadsheets keep 15 digits. Format the column as text before the file is saved, or export it again.`,
    );
  }
}

function endsAsSubtotal(id: string): boolean {
  if (!SUBTOTALS.some((end) => id.at(-end.length) === ' ' && id.toLowerCase().endsWith(end))) return false;
  return !TOTALS.includes(id.toLowerCase());
}

function fractionCheck({ ids, example, other }: FoundIds): InputCheck[] {
  if (ids === 0) return [];
  return idCheck(
    `${counted(ids, 'id')} ${ids === 1 ? 'is' : 'are'} there with .0 at the end and without it`,
    `${example} and ${other} are different members here. Where they are one, export the ids as text.`,
  );
}

/** A line of totals that has a name where the others have an id. */
function totalsCheck(members: Members, subtotals: FoundIds): InputCheck[] {
  const named = calledAs(TOTALS, members);
  const count = named.length + subtotals.ids;
  if (count === 0) return [];
  const example = named[0] === undefined ? subtotals.example : quoted(named[0]);
  return idCheck(
    `${counted(count, 'member')} ${count === 1 ? 'is' : 'are'} called as lines of totals are`,
    `Look at ${example}. Where it is no member, remove its line from the file.`,
  );
}

function nobodyCheck(members: Members): InputCheck[] {
  const named = calledAs(NOBODY, members);
  const [example] = named;
  if (example === undefined) return [];
  return idCheck(
    `${counted(named.length, 'member')} ${named.length === 1 ? 'is' : 'are'} called as nobody is`,
    `Look at ${quoted(example)}. Where it is no member, remove its rows, or name it in missingValues of the partner file.`,
  );
}

/** Members with one of these names, in the cases in which such names are written. */
function calledAs(names: readonly string[], members: Members): string[] {
  const written = new Set(names.flatMap((name) => [name, capitalized(name), name.toUpperCase()]));
  return [...written].filter((id) => members.has(id));
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
