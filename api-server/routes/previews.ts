import { PreviewRequest } from '@matchbook/protocol/http/files';
import { Router } from 'express';
import type { RateLimit } from '../accounts/rate-limit.ts';
import type { Authentication } from '../authentication.ts';
import type { Previews } from '../previews/previews.ts';
import { parsed, problem } from '../problems.ts';

export function previewRoutes(parts: {
  /** Null: this server makes none. */
  previews: Previews | null;
  authentication: Authentication;
  perUser: RateLimit;
}): Router {
  const { previews, authentication, perUser } = parts;
  const router = Router();
  router.post('/api/previews', async (request, response) => {
    const { user } = await authentication.person(request);
    perUser.take(`preview ${user}`);
    const { url } = parsed(PreviewRequest, request.body);
    if (!previews) throw problem('not_found', 'This server makes no previews.');
    response.json(await previews.of(url));
  });
  return router;
}
