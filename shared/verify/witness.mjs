#!/usr/bin/env node
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keyId, readKey } from './note.mjs';
import { WitnessBook } from './witness-book.mjs';

const help = `Usage: witness.mjs --name NAME --state FOLDER --log KEY [--log KEY]... [--port 8443] [--host 127.0.0.1]
                   [--cert FILE --cert-key FILE]

Keeps the last checkpoint of each log that it knows, and cosigns a new one once it has checked that it continues that one
(c2sp.org/tlog-witness: POST /add-checkpoint). Run it where whoever runs the log can't change it.

  --name NAME      what it signs as, such as witness.example.com/w1
  --state FOLDER   its key and what it keeps; made if it is not there. A file taken out of it is a log forgotten
  --log KEY        key of a log ("key" of GET /audit/checkpoint): others are refused
  --cert FILE      certificate and its key, in PEM: serves https; without them http, for a proxy in front
  --help           print this text

On start it prints its own key: give it to Sluice (SLUICE_WITNESS_KEY) and to whoever verifies (--witness).`;

const mostBytes = 64 * 1024;
const cosignature = 4;

/** @param {string[]} args */
function main(args) {
  /** @type {any} */ const options = {
    name: { type: 'string' },
    state: { type: 'string' },
    log: { type: 'string', multiple: true },
    port: { type: 'string', default: '8443' },
    host: { type: 'string', default: '127.0.0.1' },
    cert: { type: 'string' },
    'cert-key': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  };
  const given = /** @type {any} */ (parseArgs({ args, options }).values);
  if (given.help) return void process.stdout.write(`${help}\n`);
  if (!given.name || !/^[^+\s]+$/.test(given.name) || !given.state || !given.log)
    throw new Error('Say --name, --state and at least one --log; see --help.');
  const logs = given.log.map((/** @type {string} */ text) => {
    const key = readKey(text);
    if (key?.kind !== 1) throw new Error(`${text} is no key of a log: give it as GET /audit/checkpoint writes it.`);
    return key;
  });
  mkdirSync(given.state, { recursive: true, mode: 0o700 });
  const signer = openSigner(given.state, given.name);
  const book = new WitnessBook({ folder: given.state, logs, cosign: signer.cosign });
  const tls = given.cert && { cert: readFileSync(given.cert), key: readFileSync(given['cert-key']) };
  /** @type {import('node:http').RequestListener} */
  const answer = (req, res) =>
    void serve(book, req, res).catch((error) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      if (res.headersSent) return void res.destroy();
      res
        .writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
        .end('This witness can not answer; its log says why.\n');
    });
  const server = tls ? createHttpsServer(tls, answer) : createHttpServer(answer);
  server.listen(Number(given.port), given.host, () => {
    const place = /** @type {import('node:net').AddressInfo} */ (server.address());
    process.stdout.write(`${signer.key}\nListening on ${tls ? 'https' : 'http'}://${given.host}:${place.port}\n`);
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => process.exit(0)));
}

/**
 * @param {WitnessBook} book
 * @param {import('node:http').IncomingMessage} req
 * @param {import('node:http').ServerResponse} res
 */
async function serve(book, req, res) {
  const chunks = [];
  let held = 0;
  for await (const chunk of req) {
    held += chunk.length;
    if (held > mostBytes) return void res.writeHead(413).end();
    chunks.push(chunk);
  }
  if (req.method !== 'POST' || req.url !== '/add-checkpoint') return void res.writeHead(404).end();
  const { status, type = 'text/plain; charset=utf-8', body } = book.add(Buffer.concat(chunks).toString('utf8'));
  res.writeHead(status, { 'content-type': type }).end(body);
}

/** @param {string} folder @param {string} name */
function openSigner(folder, name) {
  const file = join(folder, 'key.pem');
  if (!existsSync(file)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  }
  const privateKey = createPrivateKey(readFileSync(file));
  const raw = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  const id = keyId(name, cosignature, raw);
  return {
    key: `${name}+${id}+${Buffer.concat([Uint8Array.of(cosignature), raw]).toString('base64')}`,
    /** The line of a cosignature (c2sp.org/tlog-cosignature). @param {string} text @param {number} seconds */
    cosign(text, seconds) {
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(seconds));
      const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`), privateKey);
      const data = Buffer.concat([Buffer.from(id, 'hex'), time, signature]);
      return `\u2014 ${name} ${data.toString('base64')}\n`;
    },
  };
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
