import { isSuccess, type SelfAnswer, type SelfDescriber, TELLS_NOTHING } from './self-description.ts';

const ADDRESS = /^(.*)\/invocations$/;

/** Such as 3.1.0: what stands before a server may answer with a page. */
const VERSION = /^\d+\.\d+[\w.+-]{0,30}$/;

/**
 * MLflow's scoring server tells whether it is ready and of which version it is, but nothing of its model's columns.
 *
 * @see https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/
 */
export const MLFLOW_DESCRIPTION: SelfDescriber = {
  paths(path) {
    const [, root] = ADDRESS.exec(path) ?? [];
    return root === undefined ? [] : ['/ping', '/health', '/version'].map((end) => `${root}${end}`);
  },
  read([ping, health, version]) {
    const isReady = isBlankSuccess(ping) || isBlankSuccess(health);
    const number = isSuccess(version) ? version.text.trim() : '';
    const says = [...(isReady ? ['ready'] : []), ...(VERSION.test(number) ? [`MLflow ${number}`] : [])];
    return { ...TELLS_NOTHING, says };
  },
};

function isBlankSuccess(answer: SelfAnswer | undefined): boolean {
  return isSuccess(answer) && answer.text.trim() === '';
}
