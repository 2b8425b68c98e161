import { sendToDaemon } from '../../../../functions/observation/daemon.ts';
import { newSubsegmentId, traceHeaderOf, traceOf } from '../../../../functions/observation/trace.ts';
import { startDaemon } from './daemon.ts';

const ROOT = '1-5759e988-bd862e3fe1be46a994272793';

describe('the trace of an invocation', () => {
  it('is read from what Lambda says, whatever else it says', () => {
    const header = `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a87bd80c:0`;
    expect(traceOf(header)).toEqual({ root: ROOT, parent: '53995c3f42cd8ad8', isSampled: true });
  });

  it.each(['0', '?', ''])('is not sampled when it says Sampled=%s', (sampled) => {
    expect(traceOf(`Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=${sampled}`)?.isSampled).toBe(false);
  });

  it.each([undefined, '', `Root=${ROOT}`, 'Sampled=1'])('is none when it says %p', (header) => {
    expect(traceOf(header ?? '')).toBeUndefined();
  });

  it('goes on in a header, with the decision whether it is sampled', () => {
    const trace = { root: ROOT, parent: '53995c3f42cd8ad8', isSampled: false };
    expect(traceHeaderOf(trace, '0123456789abcdef')).toBe(`Root=${ROOT};Parent=0123456789abcdef;Sampled=0`);
    expect(traceHeaderOf({ ...trace, isSampled: true }, 'a')).toBe(`Root=${ROOT};Parent=a;Sampled=1`);
  });

  it('has parts whose ids are 16 hexadecimal digits', () => {
    expect(newSubsegmentId()).toMatch(/^[0-9a-f]{16}$/);
    expect(newSubsegmentId()).not.toBe(newSubsegmentId());
  });
});

describe('the X-Ray daemon', () => {
  it('gets each document as a datagram of its own, behind its format', async () => {
    const daemon = await startDaemon();
    await sendToDaemon([{ id: 'a' }, { id: 'b' }], daemon.address);
    const datagrams = await daemon.received(2);
    expect(datagrams.toSorted()).toEqual(['a', 'b'].map((id) => `{"format":"json","version":1}\n{"id":"${id}"}`));
    daemon.close();
  });

  it.each(['', 'nonsense', '127.0.0.1:1', '127.0.0.1:99999'])('may be missing: %p', async (address) => {
    await expect(sendToDaemon([{ id: 'a' }], address)).resolves.toBeUndefined();
  });
});
