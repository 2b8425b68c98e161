/** Spark, Hadoop and whoever does as they do write it when all parts of a folder are there. */
export const MARK = '_SUCCESS';

/** Where parts are before their job has ended, and what Spark's streams note: none of it is there for others to read. */
const WORK_FOLDER = /^(?:_temporary|__magic.*|\.spark-staging-.*|_spark_metadata)$/;

/** What Databricks notes of each job, and Hadoop's checksums. */
const WORK_FILE = /^(?:_(?:committed|started)_.*|\..*\.crc)$/;

/** Whether something in a folder is of the programs that write its parts, for themselves. @param folders between the two */
export function isOfWork(folders: readonly string[], name: string): boolean {
  return folders.some((folder) => WORK_FOLDER.test(folder)) || WORK_FILE.test(name);
}

/**
 * Whether somebody who has packed or copied a folder of parts has taken this along, by its path in there: what is for the
 * programs themselves, or the mark.
 */
export function isLeftBehind(path: string): boolean {
  const folders = path.split('/');
  const name = folders.pop() ?? '';
  return name === MARK || isOfWork(folders, name);
}
