import express, { type RequestHandler, Router } from 'express';
import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

const year = 31_536_000_000;

/** The built editor. Any path that is no file is one of its screens, so it gets the page. */
export function editorFiles(folder: string): RequestHandler {
  const router = Router();
  const page = join(folder, 'index.html');
  const assets = join(folder, 'assets');
  // Vite puts a hash of the content into these names.
  router.use(
    '/assets',
    squeezed(assets),
    express.static(assets, { immutable: true, maxAge: year, index: false, fallthrough: false }),
  );
  router.use(express.static(folder, { index: false, maxAge: 0 }));
  router.get(/^(?!\/(api|hooks|callbacks|healthz|readyz|metrics)(\/|$)).*/, (req, res, next) => {
    if (req.method !== 'GET' || !existsSync(page)) return next();
    res.setHeader('Cache-Control', 'no-cache');
    res.sendFile(page);
  });
  return router;
}

/** Answers with the gzipped twin that the build put beside a file, to whoever takes one. */
function squeezed(assets: string): RequestHandler {
  const names = new Set(existsSync(assets) ? readdirSync(assets) : []);
  return (req, res, next) => {
    const twin = `${req.path.slice(1)}.gz`;
    if (!names.has(twin)) return next();
    res.vary('Accept-Encoding');
    if (req.acceptsEncodings('gzip') === 'gzip') {
      res.type(extname(req.path)).setHeader('Content-Encoding', 'gzip');
      req.url = `/${twin}`;
    }
    next();
  };
}
