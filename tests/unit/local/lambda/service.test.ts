import { BATCHES_PREFIX, COMPLETIONS_PREFIX, UPLOADS_PREFIX } from '../../../../lib/run/keys.ts';
import { failureDestinationOf } from '../../../../local/lambda/destinations.ts';
import { subscriptionsOf } from '../../../../local/lambda/notification.ts';
import { readService } from '../../../../local/lambda/service.ts';

describe('the service of serverless.yml', () => {
  const service = readService();

  it('has its functions started by the objects that lib speaks of', () => {
    const started = subscriptionsOf(service.functions).map(({ functionName, prefix, suffix }) => ({
      [functionName]: [prefix, suffix],
    }));
    expect(started).toEqual([
      { features: [UPLOADS_PREFIX, ''] },
      { predict: [BATCHES_PREFIX, '.json'] },
      { report: [COMPLETIONS_PREFIX, '.json'] },
    ]);
  });

  it('hands failed events of the stages to onFailure', () => {
    const destinations = ['features', 'predict', 'report', 'onFailure', 'resume'].map((name) =>
      failureDestinationOf(name, service.functions),
    );
    expect(destinations).toEqual(['onFailure', 'onFailure', 'onFailure', undefined, undefined]);
  });

  it('waits for an event that has no room as long as it lives', () => {
    expect(service.stalled.eventLifeMs).toBe((service.function('predict').maximumEventAge ?? 0) * 1000);
  });

  it('takes variables from the environment that it is given, and from no other', () => {
    process.env.MAX_MEMBERS = '8';
    try {
      expect(readService({ MAX_MEMBERS: '7' }).number('features', 'MAX_MEMBERS')).toBe(7);
      expect(readService().function('features').environment.MAX_MEMBERS).toBe('');
    } finally {
      delete process.env.MAX_MEMBERS;
    }
  });

  it('says which function or number it does not have', () => {
    expect(() => service.function('nobody')).toThrow('serverless.yml has no function nobody');
    expect(() => service.number('predict', 'CONCURENCY')).toThrow('serverless.yml: CONCURENCY is no number');
  });
});
