import { isReferenceVariable } from '../../../../lib/endpoints/reference-calls.ts';
import { referenceEndpoints } from '../../../../lib/endpoints/reference-services.ts';
import { variablesOf } from '../../../../lib/partners/model-checks.ts';
import { deployedPartnersIn, partnersIn } from '../../../../lib/partners/partner-folder.ts';
import { exampleAddresses, isExampleVariable } from '../../../../local/endpoints/example-calls.ts';
import { localEndpoints } from '../../../../local/endpoints/example-services.ts';

const app = localEndpoints();
const deployed = referenceEndpoints();
afterAll(() => Promise.all([app.close(), deployed.close()]));

const answerTo = async (url: string, payload: object) => (await app.inject({ method: 'POST', url, payload })).json();

describe('the services of the example partners', () => {
  it('answer for every address that an example names', () => {
    const { names, read } = partnersIn('.');
    const examples = names.filter((name) => !deployedPartnersIn('.').names.includes(name));
    expect(examples).toEqual(['batches', 'newsletter', 'retailer']);
    const named = examples.flatMap((name) => variablesOf(read(name).definition));
    const variables = named.filter((variable) => !isReferenceVariable(variable));
    expect(variables.filter((variable) => !isExampleVariable(variable))).toEqual([]);
    expect(Object.keys(exampleAddresses('http://127.0.0.1:1')).toSorted()).toEqual(variables.toSorted());
  });

  it('predict what their formulas say', async () => {
    // (0.6 * 300 / 3 + 0.4 * 50) * (1 - 0.25)
    const spending = { SPEND_90D: 300, LAST_5_AVG_BASKET: 50, RETURN_SHARE_365D: 0.25 };
    expect(await answerTo('/retailer/spend', spending)).toEqual({ prediction: 60 });
    // 30 / (30 + 30 * 2)
    expect(await answerTo('/retailer/churn', { VISITS: 2, DAYS_SINCE_PURCHASE: 30 })).toEqual({ prediction: 1 / 3 });
    // 0.7 * 20 + 0.3 * 10
    expect(await answerTo('/retailer/basket', { average: 10, recent_average: 20 })).toEqual({ basket_value: 17 });
    // 0.8 * (1 - 0.5) + 0.2 / (1 + 1)
    expect(await answerTo('/newsletter/churn', { LAST_10_OPENED: 0.5, CLICKS_60D: 1 })).toEqual({ prediction: 0.5 });
  });

  it.each([
    [100, 0.5, 'COUPON_20'],
    [99, 0.5, 'COUPON_10'],
    [20, 0.5, 'COUPON_10'],
    [19, 0.5, 'NO_COUPON'],
  ])('offer for a spend of %d EUR that is lost with probability %d the coupon %s', async (spend, leaves, coupon) => {
    expect(await answerTo('/retailer/coupon', { spend, leaves })).toEqual({ coupon });
  });

  it('answer lists, in the order of the features in their partner files', async () => {
    const { read } = partnersIn('.');
    const listed = (partner: string, values: Record<string, number>) => ({
      instances: [Object.keys(read(partner).definition.features).map((name) => values[name] ?? 7)],
    });
    const spending = listed('retailer', { SPEND_90D: 300, LAST_5_AVG_BASKET: 50, RETURN_SHARE_365D: 0.25 });
    expect(await answerTo('/retailer/spend', spending)).toEqual({ predictions: [60] });
    const reading = listed('newsletter', { LAST_10_OPENED: 0.5, CLICKS_60D: 1 });
    expect(await answerTo('/newsletter/churn', reading)).toEqual({ predictions: [0.5] });
    expect(await answerTo('/retailer/coupon', { instances: [[100, 0.5]] })).toEqual({ predictions: ['COUPON_20'] });
  });

  it('refuse what is not their input', async () => {
    const response = await app.inject({ method: 'POST', url: '/retailer/coupon', payload: { spend: 'much' } });
    expect(response.statusCode).toBe(400);
  });

  it('are not among the reference services, which may be deployed', async () => {
    const response = await deployed.inject({ method: 'POST', url: '/retailer/coupon', payload: {} });
    expect(response.statusCode).toBe(404);
  });
});
