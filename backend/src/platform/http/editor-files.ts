import express, { type RequestHandler, Router } from 'express';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const year = 31_536_000_000;

/** The built editor. Any path that is no file is one of its screens, so it gets the page. */
export function editorFiles(folder: string): RequestHandler {
  const router = Router();
  const page = join(folder, 'index.html');
  // Vite puts a hash of the content into these names.
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: year, index: false, fallthrough: false }),
  );
  router.use(express.static(folder, { index: false, maxAge: 0 }));
  router.get(/^(?!\/(api|hooks|callbacks|healthz|readyz|metrics)(\/|$)).*/, (req, res, next) => {
    if (req.method !== 'GET' || !existsSync(page)) return next();
    res.setHeader('Cache-Control', 'no-cache');
    res.sendFile(page);
  });
  return router;
}
