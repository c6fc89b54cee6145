/** The reader's thread: answers from a connection that cannot write, one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { LogReader } from './log-reader.ts';
import type { FromReader, ToReader } from './messages.ts';

const port = parentPort!;
const reader = new LogReader((workerData as { path: string }).path);

/** Bytes of answers that go back together, roughly. */
const TOGETHER = 64 * 1024;

port.on('message', (message: ToReader[] | 'close') => {
  if (message === 'close') {
    reader.close();
    port.close();
    return;
  }
  let answers: FromReader[] = [];
  let size = 0;
  for (const { ref, request } of message) {
    try {
      const answer = reader.answer(request);
      answers.push({ ref, answer });
      if (typeof answer === 'object' && answer !== null && 'items' in answer)
        for (const item of answer.items as (string | { json: string })[])
          size += typeof item === 'string' ? item.length : item.json.length;
    } catch (error) {
      answers.push({ ref, error: error instanceof Error ? error.message : String(error) });
    }
    if (size < TOGETHER) continue;
    port.postMessage(answers);
    answers = [];
    size = 0;
  }
  if (answers.length > 0) port.postMessage(answers);
});
