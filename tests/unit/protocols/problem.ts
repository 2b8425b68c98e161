import { UnusableAnswerError } from '../../../lib/protocols/protocol.ts';

/** What is wrong with what is read, and whether the server speaks as agreed. @throws when nothing is */
export function problemOf(read: () => unknown): { message: string; isOfRows: boolean } {
  try {
    read();
  } catch (error) {
    if (error instanceof UnusableAnswerError) return { message: error.message, isOfRows: error.isOfRows };
    throw error;
  }
  throw new Error('it could be read');
}
