/** What each function's code does, read off lib/stages/ by hand: action, then keys or, for listings, prefixes. */
export const NEEDED: Record<string, Record<string, string[]>> = {
  Features: {
    's3:GetObject': ['batches/*', 'results/*', 'runs/*', 'uploads/*'],
    's3:PutObject': ['batches/*', 'completed/*', 'runs/*'],
    's3:AbortMultipartUpload': ['runs/*'],
    's3:ListBucket': ['batches/*', 'results/*', 'runs/*', 'uploads/*'],
    'lambda:InvokeFunction': ['GiveUpLambdaFunction.Arn'],
  },
  Predict: {
    's3:GetObject': ['batches/*', 'checkpoints/*', 'results/*', 'runs/*'],
    's3:PutObject': ['batches/*', 'checkpoints/*', 'completed/*', 'results/*'],
    's3:ListBucket': ['checkpoints/*', 'results/*', 'runs/*'],
    'lambda:InvokeFunction': ['GiveUpLambdaFunction.Arn'],
  },
  Report: {
    's3:GetObject': ['completed/*', 'reports/*', 'results/*', 'runs/*'],
    's3:PutObject': ['reports/*', 'runs/*'],
    's3:AbortMultipartUpload': ['reports/*'],
    's3:ListBucket': ['reports/*', 'runs/*'],
    'lambda:InvokeFunction': ['GiveUpLambdaFunction.Arn'],
  },
  GiveUp: {
    's3:GetObject': ['batches/*', 'checkpoints/*', 'completed/*', 'reports/*/summary.json', 'results/*', 'runs/*'],
    's3:PutObject': ['completed/*', 'reports/*/summary.json', 'results/*', 'runs/*'],
    's3:ListBucket': ['batches/*', 'checkpoints/*', 'reports/*', 'results/*', 'runs/*'],
    'sqs:SendMessage': ['FailedEvents.Arn'],
  },
  Resume: {
    's3:GetObject': ['batches/*', 'completed/*', 'reports/*/summary.json', 'results/*', 'runs/*', 'uploads/*'],
    's3:PutObject': ['batches/*', 'completed/*', 'resumed/*', 'runs/*', 'uploads/*'],
    's3:GetObjectTagging': ['uploads/*'],
    's3:PutObjectTagging': ['uploads/*'],
    's3:ListBucket': [
      'batches/*',
      'checkpoints/*',
      'completed/*',
      'reports/*',
      'results/*',
      'resumed/*',
      'runs/*',
      'uploads/*',
    ],
    'sqs:SendMessage': ['FailedEvents.Arn'],
  },
  Endpoints: {},
};
