import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { checkPort, type PortWish, portWish } from '../../../../local/process/ports.ts';

const HOST = '127.0.0.1';

function wish(port: number): PortWish {
  return { port, purpose: 'S3', option: 's3Port', variable: 'S3_PORT' };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

afterEach(() => {
  delete process.env.S3_PORT;
});

describe('a port', () => {
  it('is the one of the option, else of the variable, else the default', () => {
    expect(portWish('S3', 's3Port', 'S3_PORT', undefined, 4569).port).toBe(4569);
    process.env.S3_PORT = '1234';
    expect(portWish('S3', 's3Port', 'S3_PORT', undefined, 4569).port).toBe(1234);
    expect(portWish('S3', 's3Port', 'S3_PORT', '0', 4569).port).toBe(0);
  });

  it.each(['http', '-1', '65536', '1.5'])('cannot be %s', (given) => {
    expect(() => portWish('S3', 's3Port', 'S3_PORT', given, 4569)).toThrow(`Port "${given}" for S3 is not a number`);
  });

  it('is found free, and 0 becomes one that is', async () => {
    const port = await checkPort(wish(0), HOST);
    expect(port).toBeGreaterThan(0);
    expect(await checkPort(wish(port), HOST)).toBe(port);
  });

  it('in use is refused with its number, what wanted it and how to choose another', async () => {
    const other = createServer().listen(0, HOST);
    await once(other, 'listening');
    const port = portOf(other);
    await expect(checkPort(wish(port), HOST)).rejects.toThrow(
      `Port ${port} for S3 is in use. Choose another with --s3Port or S3_PORT, 0 for any.`,
    );
    other.close();
  });
});
