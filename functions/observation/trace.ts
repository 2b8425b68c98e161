import { randomBytes } from 'node:crypto';

/** The trace that an invocation belongs to. */
export interface Trace {
  root: string;
  /** Id of the invocation's segment, which Lambda itself sends. */
  parent: string;
  isSampled: boolean;
}

/** Name of the header that hands a trace from service to service, in lower case. */
export const TRACE_HEADER = 'x-amzn-trace-id';

/**
 * Reads the trace of an invocation from Lambda's environment variable; undefined when there is none.
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function traceOf(header = process.env._X_AMZN_TRACE_ID): Trace | undefined {
  const fields = new Map(header?.split(';').map((field) => fieldOf(field)));
  const [root, parent] = [fields.get('Root'), fields.get('Parent')];
  if (root === undefined || parent === undefined) return undefined;
  return { root, parent, isSampled: fields.get('Sampled') === '1' };
}

function fieldOf(text: string): [name: string, value: string] {
  const [name = '', value = ''] = text.split('=');
  return [name.trim(), value.trim()];
}

/** The header's value for requests that belong to a part of the trace. @param id of that part's subsegment */
export function traceHeaderOf({ root, isSampled }: Trace, id: string): string {
  return `Root=${root};Parent=${id};Sampled=${isSampled ? 1 : 0}`;
}

/** A random id for a part of a trace. */
export function newSubsegmentId(): string {
  return randomBytes(8).toString('hex');
}
