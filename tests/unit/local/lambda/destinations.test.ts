import { failedInvocation, failureDestinationOf } from '../../../../local/lambda/destinations.ts';

describe('the destination of failed events', () => {
  const functions = {
    predict: { handler: 'p', destinations: { onFailure: 'onFailure' } },
    onFailure: { handler: 'g' },
    other: { destinations: { onSuccess: 'onFailure' } },
    resume: { destinations: { onFailure: { type: 'sqs', arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } } } },
    elsewhere: { destinations: { onFailure: 'arn:aws:sqs:us-east-1:1:queue' } },
  };

  it('is the function that serverless.yml names', () => {
    expect(failureDestinationOf('predict', functions)).toBe('onFailure');
  });

  it('may be missing', () => {
    expect(failureDestinationOf('onFailure', functions)).toBeUndefined();
    expect(failureDestinationOf('other', functions)).toBeUndefined();
  });

  it('is nobody when it is a queue: there is the log', () => {
    expect(failureDestinationOf('resume', functions)).toBeUndefined();
  });

  it('is refused when it is not to be had on one machine', () => {
    expect(() => failureDestinationOf('elsewhere', functions)).toThrow(/^elsewhere: locally/);
  });
});

describe('the record of a failed event', () => {
  const event = { Records: [] };
  const failure = { functionName: 'predict', event, id: 'of-all-attempts', attempts: 3, isTooOld: false };

  it('has the event, the function, the attempts and the error, as Lambda writes it', () => {
    const record = failedInvocation({ ...failure, error: new TypeError('no') }, new Date('2024-01-31T10:00:00Z'));
    expect(record).toMatchObject({
      version: '1.0',
      timestamp: '2024-01-31T10:00:00.000Z',
      requestContext: { requestId: 'of-all-attempts', condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: event,
      responsePayload: { errorType: 'TypeError', errorMessage: 'no' },
    });
    expect(record.requestContext.functionArn.split(':')[6]).toBe('predict');
  });

  it('says so when there was no room for the event until it was too old', () => {
    const record = failedInvocation({ ...failure, error: new Error('full'), isTooOld: true }, new Date());
    expect(record.requestContext.condition).toBe('EventAgeExceeded');
  });

  it('takes whatever was thrown', () => {
    expect(failedInvocation({ ...failure, error: 'gone' }, new Date()).responsePayload.errorMessage).toBe('gone');
  });
});
