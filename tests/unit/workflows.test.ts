import { readFileSync } from 'node:fs';
import { URL_VARIABLES } from '../default-calls.ts';

it.each(URL_VARIABLES)('a deployment by GitHub has what its environment says of %s', (name) => {
  const workflow = readFileSync('.github/workflows/deploy-stage.yml', 'utf8');
  expect(workflow).toContain(`          ${name}: $` + `{{ vars.${name} }}\n`);
});
