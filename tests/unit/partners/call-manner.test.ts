import { PartnerFileError, readPartnerFile } from '../../../lib/partners/partner-file.ts';
import { partnerFileText } from '../../builders/partners.ts';

const URL = 'https://models.example/score';

/** What is wrong with a model that is spoken to so, without path and line. */
function mistakesOf(manner: string, url = URL): string[] {
  return mistakesIn(partnerFileText(`score: { title: score, url: "${url}", ${manner} }`));
}

function mistakesIn(text: string): string[] {
  try {
    readPartnerFile('partners/acme.yml', text);
    return [];
  } catch (error) {
    if (!(error instanceof PartnerFileError)) throw error;
    return error.mistakes.map(({ key, problem }) => `${key}: ${problem}`);
  }
}

describe('how a call is spoken to', () => {
  it.each([
    'protocol: json',
    'layout: list, batch: { rows: 500, bytes: 2000000 }',
    'layout: object, batch: { rows: 1 }',
    'protocol: instances, layout: lists, batch: { rows: 10 }',
    'protocol: mlflow, layout: dataframe_records',
    'protocol: open-inference, datatype: FP32, take: [scores, 1]',
    'protocol: open-inference, layout: matrix, tensor: input__0, datatype: INT64, take: 1',
  ])('may be %s', (manner) => expect(mistakesOf(manner)).toEqual([]));

  it.each([
    ['protocol: mlfow', 'protocol: must be one of json, instances, mlflow, open-inference, sagemaker'],
    ['layout: lists', 'layout: json has no layout lists; did you mean list?'],
    [
      'protocol: mlflow, layout: matrix',
      'layout: mlflow has no layout matrix; there is dataframe_split and dataframe_records',
    ],
    ['layout: constructor', 'layout: json has no layout constructor; there is object and list'],
    ['protocol: instances, datatype: FP32', 'datatype: is for protocol: open-inference'],
    ['protocol: open-inference, tensor: input__0', 'tensor: is for protocol: open-inference with layout: matrix'],
    ['protocol: open-inference, layout: matrix', 'layout: matrix needs tensor, too'],
    ['batch: { rows: 2 }', 'batch.rows: must be 1, because the layout has one member per request: set layout: list'],
  ])('cannot be %s', (manner, mistake) => expect(mistakesOf(manner)).toEqual([`models.score.${mistake}`]));

  it('of the offer service keeps to the same rules', () => {
    const offer = (manner: string) =>
      mistakesIn(
        `${partnerFileText(`score: { title: score, url: "${URL}" }`)}offer: { url: "${URL}", send: { a: score }, ${manner} }\n`,
      );
    expect(offer('protocol: mlflow')).toEqual([]);
    expect(offer('layout: lists')).toEqual(['offer.layout: json has no layout lists; did you mean list?']);
  });
});

describe('whole numbers', () => {
  const file = (feature: string, manner: string) =>
    mistakesIn(
      partnerFileText(`score: { title: score, url: "${URL}", protocol: open-inference, ${manner} }`).replace(
        /^features:\n.*$/m,
        `    spend: { titles: [SPEND], type: number, default: 0 }\nfeatures:\n  SPEND: ${feature}\n  VISITS: { count: transactions }`,
      ),
    );

  it('are sent of features that are whole', () => {
    expect(file('{ count: transactions }', 'datatype: INT64')).toEqual([]);
  });

  it('are not sent of a mean', () => {
    expect(file('{ mean: spend }', 'datatype: INT32')).toEqual([
      'models.score.datatype: cannot be INT32, because SPEND is a mean, which is hardly ever whole: set FP64',
    ]);
    expect(file('{ mean: spend }', 'datatype: INT32, send: [VISITS]')).toEqual([]);
  });
});

describe('the address of a model on SageMaker', () => {
  const at = (url: string) => mistakesOf('protocol: sagemaker, layout: csv', url);

  it('is one of SageMaker, or in a variable', () => {
    expect(at('https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/spend/invocations')).toEqual([]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is how a partner file names a variable.
    expect(at('${SPEND_URL}')).toEqual([]);
  });

  it('is no other', () => {
    expect(at(URL)).toEqual([
      'models.score.url: must be https://runtime.sagemaker.<region>.amazonaws.com/endpoints/<name>/invocations, or a variable',
    ]);
    expect(at('http://models.example/')).toEqual([
      expect.stringMatching(/^models\.score\.url: must be an https address/),
    ]);
  });
});
