import type { Call, Contract, Reply } from '@sluice/shared/api';
import { nameInDisposition } from '@sluice/shared/lib';
import type { z } from 'zod';
import { ApiProblem, problemFromReply, toProblem } from './problem.js';

const root = '/api/v1';

/** Calls one endpoint; the reply is parsed by its contract. Every failure is an `ApiProblem`. */
export async function call<const C extends Contract>(
  contract: C,
  input: Call<C> = {},
  signal?: AbortSignal,
): Promise<Reply<C>> {
  try {
    const response = await fetch(addressOf(contract, input), requestOf(contract, input, signal));
    const isFile = response.ok && contract.produces === 'application/octet-stream';
    const body = isFile ? await readFile(response) : await readJson(response);
    if (!response.ok) throw problemFromReply(response.status, body);
    return parseReply<C['reply']>(contract.reply, body);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw toProblem(thrown);
  }
}

/** The address of an endpoint, for links and event streams. */
export function addressOf<const C extends Contract>(contract: C, input: Call<C> = {}): string {
  const params = entriesOf(input.params);
  const path = contract.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = params.get(name);
    if (value === undefined) throw new Error(`${contract.path} needs ${name}`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams([...entriesOf(input.query)]).toString();
  return query === '' ? root + path : `${root}${path}?${query}`;
}

function requestOf<C extends Contract>(contract: C, input: Call<C>, signal: AbortSignal | undefined): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' };
  const isWrite = contract.method !== 'GET';
  if (isWrite) headers['idempotency-key'] = crypto.randomUUID();
  if (isWrite && contract.body) headers['content-type'] = 'application/json';
  return {
    method: contract.method,
    headers,
    credentials: 'same-origin',
    body: isWrite && contract.body ? JSON.stringify(input.body ?? {}) : null,
    signal: signal ?? null,
  };
}

function entriesOf(values: unknown): Map<string, string> {
  if (typeof values !== 'object' || values === null) return new Map();
  return new Map(
    Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => [name, String(value)]),
  );
}

/** With the name that the server gives it. */
async function readFile(response: Response): Promise<File> {
  const name = nameInDisposition(response.headers.get('content-disposition') ?? undefined);
  return new File([await response.blob()], name ?? 'file');
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!response.ok) return undefined;
    throw new ApiProblem(
      {
        code: 'network.unexpected_answer',
        message: 'The server sent an answer that is no JSON. Reload the page.',
        requestId: null,
      },
      { cause },
    );
  }
}

/** Keeps the schema's own output type, which `contract.reply.parse` loses behind the generic. */
function parseReply<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  return schema.parse(body);
}
