/** Entry of the local store's worker thread: a message loop around the request handler. */
import { getRandomValues } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { uuidv7Generator } from '@matchbook/protocol/ids';
import type { EndMessage, RequestMessage, StartMessage } from './messages.ts';
import { RequestHandler } from './request-handler.ts';

if (!parentPort) throw new Error('The local store runs in a worker thread.');
const port = parentPort;
let handler: RequestHandler | null = null;

port.on('message', (message: StartMessage | RequestMessage | EndMessage) => {
  if ('end' in message) {
    handler?.close();
    port.close();
    return;
  }
  if ('start' in message) {
    handler = new RequestHandler({
      directory: message.start.directory,
      now: Date.now,
      newId: uuidv7Generator(Date.now, getRandomValues),
      tell: (event) => port.postMessage(event),
      later: (ms, task) => {
        if (ms === 0) {
          const soon = setImmediate(task);
          return () => clearImmediate(soon);
        }
        const timer = setTimeout(task, ms);
        return () => clearTimeout(timer);
      },
      log: (text) => console.error(text),
    });
    return;
  }
  if (!handler) throw new Error('A request came before the start message.');
  port.postMessage(handler.handle(message));
});
