/** The file as a whole cannot be used: the reason is for whoever made the file. */
export class UnusableFileError extends Error {
  override name = 'UnusableFileError';
}
