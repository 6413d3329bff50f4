import { request } from 'node:http';

/** Sends one signed event; settles when it was answered. */
export function post({ url, headers }, { agent, text }) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const sent = request(url, { method: 'POST', agent, headers: headers(text) }, (reply) => {
    reply.resume().once('end', resolve);
    if (reply.statusCode >= 300) reject(new Error(`The answer was ${reply.statusCode}`));
  });
  sent.once('error', reject);
  sent.end(text);
  return promise;
}
