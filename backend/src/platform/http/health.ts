import { type RequestHandler, Router } from 'express';
import type pg from 'pg';

/** `/healthz`: the process answers. `/readyz`: it can also store what it is given. */
export function health({ pool, hasRoom }: { pool: pg.Pool; hasRoom: () => boolean }): RequestHandler {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (_req, res) => {
    const database = await pool.query('select 1').then(
      () => true,
      () => false,
    );
    const isReady = database && hasRoom();
    res.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'not ready', database });
  });
  return router;
}
