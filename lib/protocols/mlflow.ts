import { PREDICTIONS_ANSWER, textUnder } from './json-answer.ts';
import { type Protocol, type ProtocolKind, type Row, USUAL_ROWS } from './protocol.ts';

function protocol(inputOf: (rows: readonly Row[]) => object): Protocol {
  return {
    ...PREDICTIONS_ANSWER,
    encode: (rows) => JSON.stringify(inputOf(rows)),
    errorIn(status, text) {
      // A code stands before the sentence, and traces of Python after it.
      const sentence = textUnder('message', text);
      return sentence === undefined ? undefined : { status, text: sentence };
    },
  };
}

const split = protocol((rows) => ({
  dataframe_split: { columns: Object.keys(rows[0] ?? {}), data: rows.map(Object.values) },
}));
const records = protocol((rows) => ({ dataframe_records: rows }));

/**
 * The protocol of MLflow's scoring server and of Databricks. Rows are a table, whose columns have the names of features.
 *
 * @see https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/
 */
export const MLFLOW: ProtocolKind = {
  layouts: {
    dataframe_split: { rows: USUAL_ROWS, of: () => split },
    dataframe_records: { rows: USUAL_ROWS, of: () => records },
  },
  keys: [],
};
