/** Requests whose body trickles. */
import type { RequestHandler } from 'express';

/** Ends a request that is not complete after so long (ms): who lets it trickle would hold a connection for nothing. */
export function inTime(limit: number): RequestHandler {
  return (request, response, next) => {
    const timer = setTimeout(() => {
      if (!request.complete) request.destroy();
    }, limit);
    response.once('close', () => clearTimeout(timer));
    next();
  };
}
