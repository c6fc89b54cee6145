/** The reader's thread: answers from a connection that cannot write, one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { LogReader } from './log-reader.ts';
import type { FromReader, ToReader } from './messages.ts';

const port = parentPort!;
const reader = new LogReader((workerData as { path: string }).path);

port.on('message', (message: ToReader | 'close') => {
  if (message === 'close') {
    reader.close();
    port.close();
    return;
  }
  const { ref, request } = message;
  let answer: FromReader;
  try {
    answer = { ref, answer: reader.answer(request) };
  } catch (error) {
    answer = { ref, error: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
});
