import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { createServer, type Server } from 'node:http';
import { AppModule } from './app.module.js';
import type { Parts } from './parts.js';
import { docs } from './platform/http/docs.js';
import { editorFiles } from './platform/http/editor-files.js';
import { health } from './platform/http/health.js';
import { jsonBody } from './platform/http/json-body.js';
import { problemBody } from './platform/http/problem.filter.js';
import { requestId } from './platform/http/request-id.js';
import { securityHeaders } from './platform/http/security-headers.js';
import { sessions } from './platform/http/sessions.js';
import { Problem } from './platform/problem.js';
import { inNewScope } from './platform/workspace-scope.js';

export interface WebServer {
  server: Server;
  app: NestExpressApplication;
}

/** The API and the editor on Express through Nest, with the webhook door in front of both on the same port. */
export async function createWebServer(parts: Parts, editorFolder: string): Promise<WebServer> {
  const { config, pool, clock, keyring, journal, door, callbacks } = parts;
  const isSecure = config.publicUrl.startsWith('https:');
  const site = express();
  site.disable('x-powered-by');
  site.set('query parser', 'simple');
  // One proxy in front is the usual house; its X-Forwarded-For is believed only when it runs on this machine or network.
  site.set('trust proxy', ['loopback', 'uniquelocal']);
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.with({ cell: parts.cell, parts: parts.providers }),
    new ExpressAdapter(site),
    {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    },
  );
  const secret = (await keyring.key('', '', 'session')).export().toString('base64');
  site.use(
    requestId,
    securityHeaders({ isSecure }),
    health({ pool, hasRoom: () => journal.hasRoom() }),
    docs(config.publicUrl),
  );
  // The scope last: what reads a body calls back from elsewhere.
  site.use('/api', ...sessions({ pool, secret, isSecure, clock }), jsonBody, (_req, _res, next) => inNewScope(next));
  site.use(editorFiles(editorFolder));
  app.setGlobalPrefix('api/v1');
  await app.init();
  site.use((req, res) => void res.status(404).json(problemBody(new Problem('route.unknown'), req.requestId)));
  const server = createServer((req, res) => {
    if (!door.handle(req, res) && !callbacks.handle(req, res)) site(req, res);
  });
  return { server, app };
}
