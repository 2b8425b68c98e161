import { problemWithAddress } from '../address.ts';

/** An environment variable of the deployment, as a partner file names it: `${ATS_URL}`. */
const VARIABLE = /^\$\{([A-Za-z_]\w*)\}$/;

/** How a partner file names an environment variable. @example urlOf('ATS_URL') // ${ATS_URL} */
export function urlOf(variable: string): string {
  return `\${${variable}}`;
}

/** The environment variable that holds an address; undefined when the partner file says the address itself. */
export function variableIn(url: string): string | undefined {
  return VARIABLE.exec(url)?.[1];
}

/** What is wrong with a url of a partner file; undefined when it can be used. */
export function problemWithUrl(url: string): string | undefined {
  if (variableIn(url) !== undefined) return undefined;
  if (url.includes('$'))
    return `must be one variable and nothing else, such as ${urlOf('ATS_URL')}, or an https address`;
  const problem = problemWithAddress(url);
  if (problem !== undefined) return problem;
  return url.includes('?') ? 'must not have a query, which may be secret: name an environment variable' : undefined;
}
