import { createSocket } from 'node:dgram';

/** Precedes each document, so that the daemon knows its format. */
const HEADER = '{"format":"json","version":1}\n';

/**
 * Sends segment documents to the X-Ray daemon that Lambda runs beside a function, one datagram each. Errors are
 * ignored, because the work does not depend on traces.
 *
 * @param address `169.254.79.129:2000`; without one there is no daemon
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon
 */
export async function sendToDaemon(
  documents: readonly object[],
  address = process.env.AWS_XRAY_DAEMON_ADDRESS,
): Promise<void> {
  const [, host, port] = /^([\d.]+):(\d+)$/.exec(address ?? '') ?? [];
  if (host === undefined || documents.length === 0) return;
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  // Waits for each datagram: Lambda freezes the process when the invocation ends, and with it what is not sent yet.
  const send = (document: object) =>
    new Promise<void>((resolve) => {
      socket.send(`${HEADER}${JSON.stringify(document)}`, Number(port), host, () => resolve());
    });
  await Promise.allSettled(documents.map(send));
  socket.close();
}
