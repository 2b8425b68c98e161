import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What Lambda runs beside a function, as far as a function knows of it: a UDP socket that keeps what it gets. */
export async function startDaemon() {
  const socket = createSocket('udp4');
  const datagrams: string[] = [];
  socket.on('message', (message) => datagrams.push(message.toString()));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    datagrams,
    /** When there are so many; what was sent is not always there at once. */
    async received(count: number): Promise<string[]> {
      while (datagrams.length < count) await once(socket, 'message');
      return datagrams;
    },
    close: () => socket.close(),
  };
}
