import { type RequestHandler, Router } from 'express';
import { openApiDocument } from './openapi.js';

/** The OpenAPI document; the human pages at /api/docs are a screen of the editor's bundle. */
export function docs(origin: string): RequestHandler {
  const document = JSON.stringify(openApiDocument(origin));
  const router = Router();
  router.get('/api/v1/openapi.json', (_req, res) => {
    res.type('application/json').send(document);
  });
  return router;
}
