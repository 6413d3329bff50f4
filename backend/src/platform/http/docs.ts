import { type RequestHandler, Router } from 'express';
import { docsPage } from './docs-page.js';
import { openApiDocument } from './openapi.js';

/** The API described: for programs, and for people. Made when somebody asks first: it takes half a second of a start. */
export function docs(origin: string): RequestHandler {
  let document: string | undefined;
  let page: string | undefined;
  const router = Router();
  router.get('/api/v1/openapi.json', (_req, res) => {
    document ??= JSON.stringify(openApiDocument(origin));
    res.type('application/json').send(document);
  });
  router.get('/api/docs', (_req, res) => {
    page ??= docsPage(origin);
    res.type('html').send(page);
  });
  return router;
}
