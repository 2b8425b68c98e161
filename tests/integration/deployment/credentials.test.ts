import { grantsOf } from './access.ts';
import { NEEDED } from './needed.ts';
import { ACCOUNT, packaged, type Template } from './template.ts';

const SECRET = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:prod/endpoints-AbCdEf`;
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

let open: Template;
let guarded: Template;
beforeAll(async () => {
  // Somebody has them in the environment of the deployment.
  open = await packaged('dev', { ENDPOINT_HEADERS: '{"ats": {"x-api-key": "sesame-7"}}' });
  guarded = await packaged('dev', { ENDPOINT_HEADERS_REF: SECRET, ENDPOINT_HEADERS_KEY: KEY });
}, 120_000);

const grantsTo = (template: Template, name: string) =>
  grantsOf(template, `${name}Role`).map(({ action, on }) => `${action} ${on}`);

const variablesOf = (template: Template, name: string) =>
  (template.properties(`${name}LambdaFunction`).Environment as { Variables: Record<string, string> }).Variables;

describe('the headers for the endpoints', () => {
  it('may be read by predict alone, where they are kept and nowhere else', () => {
    for (const name of Object.keys(NEEDED)) {
      const others = new Set(grantsTo(open, name));
      expect(grantsTo(guarded, name).filter((grant) => !others.has(grant))).toEqual(
        name === 'Predict'
          ? [`secretsmanager:GetSecretValue ${SECRET}`, `ssm:GetParameter ${SECRET}`, `kms:Decrypt ${KEY}`]
          : [],
      );
    }
  });

  it('may be decrypted through the services that keep them, and nothing else that is encrypted with that key', () => {
    const decrypting = Object.keys(NEEDED).flatMap((name) =>
      guarded.statements(`${name}Role`).filter(({ Action }) => Action.some((action) => action.startsWith('kms:'))),
    );
    expect(decrypting).toMatchObject([
      {
        Action: ['kms:Decrypt'],
        Resource: [KEY],
        Condition: { StringLike: { 'kms:ViaService': ['secretsmanager.*.amazonaws.com', 'ssm.*.amazonaws.com'] } },
      },
    ]);
  });

  it('are in no variable and nowhere in the template, only where they are', () => {
    expect(variablesOf(guarded, 'Predict').ENDPOINT_HEADERS_REF).toBe(SECRET);
    expect(variablesOf(open, 'Predict').ENDPOINT_HEADERS_REF).toBe('');
    for (const [name] of guarded.ofType('AWS::Lambda::Function')) {
      expect(Object.keys(variablesOf(guarded, name.replace('LambdaFunction', ''))).toSorted()).not.toContain(
        'ENDPOINT_HEADERS',
      );
    }
  });

  it('that somebody has in the environment of a deployment are not deployed', () => {
    expect(open.text).not.toMatch(/sesame|ENDPOINT_HEADERS"/);
  });
});
