import type { Arithmetic } from '../../lib/members/arithmetic.ts';
import type { InputDefinition } from '../../lib/partners/definition.ts';
import { isoDay } from '../../lib/transactions/cells.ts';
import { TIME_VALUE } from '../../lib/transactions/transaction.ts';
import { printableJson } from '../../local/terminal/printable.ts';
import type { CallExplained, Explanation, FeatureExplained } from './explanation.ts';
import { cellsOf } from './transaction-cells.ts';
import type { TransactionOfLine } from './transactions.ts';

/** An explanation for programs: one JSON document, times and days in ISO 8601, milliseconds for what took time. */
export function explanationJson({ definition, transactions, features, calls, ...others }: Explanation): string {
  return printableJson({
    ...others,
    ...(transactions === undefined
      ? {}
      : { transactions: transactions.map((one) => transactionJson(one, definition.input)) }),
    features: features.map(featureJson),
    calls: calls.map(callJson),
  });
}

/** The values by their fields; what is absent is left out. */
function transactionJson({ memberId: _, values, ...others }: TransactionOfLine, input: InputDefinition) {
  const cells = cellsOf(input)
    .slice(TIME_VALUE + 1)
    .map(({ name, read }) => [name, read(values)] as const);
  const time = new Date(values[TIME_VALUE] ?? 0).toISOString();
  return { ...Object.fromEntries(cells), ...others, time };
}

function featureJson({ arithmetic, ...others }: FeatureExplained) {
  return arithmetic === undefined ? others : { ...others, arithmetic: arithmeticJson(arithmetic) };
}

function arithmeticJson(arithmetic: Arithmetic) {
  if (arithmetic.type !== 'days') return arithmetic;
  return { ...arithmetic, from: isoDay(arithmetic.from), to: isoDay(arithmetic.to) };
}

/** A request is JSON already: as it is and not as a string in a string. */
function callJson({ request, ...others }: CallExplained) {
  return request === undefined ? others : { ...others, request: JSON.parse(request) };
}
