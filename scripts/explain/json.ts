import type { Arithmetic } from '../../lib/members/feature-kinds.ts';
import { printableJson } from '../../local/terminal/printable.ts';
import type { CallExplained, Explanation, FeatureExplained } from './explanation.ts';
import { dayText } from './numbers.ts';
import type { TransactionOfLine } from './transactions.ts';

/** An explanation for programs: one JSON document, times and days in ISO 8601, milliseconds for what took time. */
export function explanationJson({ transactions, features, calls, ...others }: Explanation): string {
  return printableJson({
    ...others,
    ...(transactions === undefined ? {} : { transactions: transactions.map(transactionJson) }),
    features: features.map(featureJson),
    calls: calls.map(callJson),
  });
}

function transactionJson({ memberId: _, time, ...others }: TransactionOfLine) {
  return { ...others, time: new Date(time).toISOString() };
}

function featureJson({ arithmetic, ...others }: FeatureExplained) {
  return arithmetic === undefined ? others : { ...others, arithmetic: arithmeticJson(arithmetic) };
}

function arithmeticJson(arithmetic: Arithmetic) {
  if (arithmetic.type !== 'days') return arithmetic;
  return { ...arithmetic, from: dayText(arithmetic.from), to: dayText(arithmetic.to) };
}

/** A request is JSON already: as it is and not as a string in a string. */
function callJson({ request, ...others }: CallExplained) {
  return request === undefined ? others : { ...others, request: JSON.parse(request) };
}
