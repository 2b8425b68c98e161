import type { Answer, Answers, CallOptions, RowsRequest } from '../../lib/endpoints/call.ts';
import type { Callable, RequestLimits } from '../../lib/endpoints/callable.ts';
import { CallFailedError } from '../../lib/endpoints/errors.ts';
import type { Row } from '../../lib/protocols/protocol.ts';

/** A service that answers without HTTP, one row at a time, and is never down. */
export function callable<T>(
  id: string,
  call: (row: Row, options?: CallOptions) => Promise<Answer<T>>,
  limits: RequestLimits = { rows: 1, bytes: 1_000_000 },
): Callable<T> {
  const callAll = async ({ rows }: RowsRequest, options?: CallOptions): Promise<Answers<T>> => {
    const answers = await Promise.all(rows.map((row) => call(row, options)));
    return { rows: answers, attempts: Math.max(...answers.map(({ attempts }) => attempts)) };
  };
  return {
    id,
    label: id,
    address: '',
    isDown: false,
    limits,
    fit: (rows) => ({ rows: rows.slice(0, limits.rows), body: '' }),
    call,
    callAll,
    waitAfter: async () => undefined,
    failed: (problem, attempts, cause) => new CallFailedError(`${id} ${problem}`, attempts, cause),
    outage: () => undefined,
    renewWait: () => undefined,
    takeOpenings: () => 0,
  };
}
