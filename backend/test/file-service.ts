import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Upload {
  path: string;
  type: string;
  length: string | undefined;
  body: Buffer;
}

/** A service that serves what it is told to by path, and keeps what is posted to it. */
export interface FileService {
  host: string;
  serve: Map<string, (res: ServerResponse) => void>;
  uploads: Upload[];
  close(): Promise<void>;
}

export async function openFileService(): Promise<FileService> {
  const serve: FileService['serve'] = new Map();
  const uploads: Upload[] = [];
  const server = createServer((req, res) => void take(req, res));
  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url ?? '';
    const answer = serve.get(path);
    if (req.method === 'GET') return answer === undefined ? void res.writeHead(404).end() : answer(res);
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part);
    const { 'content-type': type = '', 'content-length': length } = req.headers;
    uploads.push({ path, type, length, body: Buffer.concat(parts) });
    res.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    serve,
    uploads,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
