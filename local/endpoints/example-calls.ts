import { mapNames, namesIn } from '../../lib/registry.ts';

/** Where the services of the partners in partners/examples answer, by the variables that they have their addresses in. */
export const EXAMPLE_PATHS = {
  RETAILER_SPEND_URL: '/retailer/spend',
  RETAILER_CHURN_URL: '/retailer/churn',
  RETAILER_BASKET_URL: '/retailer/basket',
  RETAILER_COUPON_URL: '/retailer/coupon',
  NEWSLETTER_CHURN_URL: '/newsletter/churn',
} as const;

export type ExampleVariable = keyof typeof EXAMPLE_PATHS;

export const EXAMPLE_VARIABLES = namesIn(EXAMPLE_PATHS);

/** Whether a variable is one that an example has an address in. */
export function isExampleVariable(variable: string): boolean {
  return EXAMPLE_VARIABLES.some((known) => known === variable);
}

/** The addresses of the examples' services, which share a server with the reference services. */
export function exampleAddresses(address: string): Record<ExampleVariable, string> {
  return mapNames(EXAMPLE_VARIABLES, (variable) => `${address}${EXAMPLE_PATHS[variable]}`);
}
