import { InProcess } from '../../../local/in-process.ts';

it('a service that cannot start in a process leaves no server behind', async () => {
  let address = '';
  const starting = InProcess.start({
    environment: { CONCURRENCY: 'many' },
    through: async ({ endpoint }) => {
      address = endpoint;
      return endpoint;
    },
  });
  await expect(starting).rejects.toThrow(/CONCURRENCY/);
  await expect(fetch(address)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});
