import { FeatureTable } from '../../lib/members/feature-table.ts';
import type { Member } from '../../lib/run/contracts.ts';
import { calendarOfFile } from '../../lib/transactions/calendar.ts';
import { isoDay, parseDay } from '../../lib/transactions/cells.ts';
import { readableId } from '../../lib/transactions/member-ids.ts';
import { UnusableFileError } from '../../lib/transactions/unusable-file.ts';
import { whole } from '../../local/terminal/printable.ts';
import { CommandError } from '../shared/command.ts';
import { filesAt, type InputPath, inputAt } from '../shared/input-path.ts';
import { projectPartner } from '../shared/project-partners.ts';
import { askEndpoints, readScoring } from '../shared/scoring.ts';
import { type Explanation, explain } from './explanation.ts';
import { type MemberInFile, readMember, type WantedMember } from './transactions.ts';
import { unknownMember } from './unknown.ts';

export interface FileOptions {
  path: string;
  memberId: string;
  /** Whose partner file counts. */
  partner: string;
  /** `YYYY-MM-DD`; undefined means today, by the file's time zone. */
  asOf: string | undefined;
}

/**
 * Explains a member of a file on this machine: computes its features and calls the endpoints now.
 *
 * @throws CommandError when the file cannot be used or has no such member, AbortError when the signal aborts
 */
export async function explainFile(
  { path, memberId, partner, asOf: day }: FileOptions,
  signal: AbortSignal,
): Promise<Explanation> {
  const input = await inputAt(path);
  // What is wrong with the environment should be told before a large file is read.
  const { definition } = projectPartner(partner);
  const scoring = readScoring({ name: partner, definition });
  const asOfDay = parseDay(day ?? '') ?? calendarOfFile(definition.input).dayOf(Date.now());
  const asOf = isoDay(asOfDay);
  const inFile = await readFiles(input, { memberId: readableId(memberId), asOfDay, definition }, signal);
  if (inFile.aggregates.size === 0) throw unknownMember(memberId, path, inFile);
  const found = memberOf(inFile);
  const { members, urls, reference } = await askEndpoints(scoring, [found]);
  const [member = found] = members;
  const source = { file: path, endpoints: { reference } };
  return explain({ member, source, asOf, asOfDay, definition, notes: [], inFile, urls, expected: scoring.expected });
}

async function readFiles(input: InputPath, wanted: WantedMember, signal: AbortSignal) {
  try {
    return await readMember(filesAt(input, signal), wanted);
  } catch (error) {
    if (!(error instanceof UnusableFileError)) throw error;
    throw new CommandError(`${input.path} cannot be used: ${whole(error.message)}`, {
      cause: error,
    });
  }
}

/** The one member of the aggregates, as the features stage would hand it on. */
function memberOf({ aggregates }: MemberInFile): Member {
  return {
    memberId: aggregates.memberIds[0] ?? '',
    transactions: aggregates.transactions(0),
    imputedValues: aggregates.imputedValues(0),
    features: new FeatureTable(aggregates).of(0),
  };
}
