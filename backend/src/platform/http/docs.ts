import { type RequestHandler, Router } from 'express';
import { docsPage } from './docs-page.js';
import { openApiDocument } from './openapi.js';

/** The API described: for programs, and for people. */
export function docs(origin: string): RequestHandler {
  const document = JSON.stringify(openApiDocument(origin));
  const router = Router();
  router.get('/api/v1/openapi.json', (_req, res) => {
    res.type('application/json').send(document);
  });
  const page = docsPage(origin);
  router.get('/api/docs', (_req, res) => {
    res.type('html').send(page);
  });
  return router;
}
