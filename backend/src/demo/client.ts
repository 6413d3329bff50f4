import type { Call, Contract, Reply } from '@sluice/shared/api';
import { authApi, problemBodySchema } from '@sluice/shared/api';
import type { z } from 'zod';
import type { Codes } from './codes.js';

/** The API said no; the message is its own sentence. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** One member at the API, as a script uses it: a cookie, an Origin, JSON. */
export class Client {
  #cookie = '';

  constructor(readonly url: string) {}

  /** Throws ApiRefusal. */
  async call<const C extends Contract>(contract: C, input: Call<C> = {}): Promise<Reply<C>> {
    const response = await fetch(this.#addressOf(contract, input), {
      method: contract.method,
      headers: {
        origin: this.url,
        ...(this.#cookie === '' ? {} : { cookie: this.#cookie }),
        ...(contract.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(contract.body === undefined ? {} : { body: JSON.stringify(input.body ?? {}) }),
    });
    this.#cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? this.#cookie;
    const body: unknown = await response.json();
    if (!response.ok) throw refusalOf(contract, body);
    return parseReply<C['reply']>(contract.reply, body);
  }

  async signIn(account: { email: string; password: string }, codes: Codes): Promise<void> {
    await this.call(authApi.login, { body: account });
    await this.giveCode(authApi.totp, codes);
  }

  /** Tries the next code while the one given was spent before: by an earlier start, or by a person. */
  async giveCode(contract: typeof authApi.totp | typeof authApi.stepUp, codes: Codes): Promise<void> {
    for (let tries = 0; tries < 4; tries++) {
      try {
        await this.call(contract, { body: { code: await codes.next() } });
        return;
      } catch (error) {
        if (!(error instanceof ApiRefusal) || error.code !== 'auth.wrong_code') throw error;
      }
    }
    throw new ApiRefusal('auth.wrong_code', 'No code of this authenticator was taken.');
  }

  #addressOf(contract: Contract, { params, query }: { params?: unknown; query?: unknown }): string {
    const values = entriesOf(params);
    const path = contract.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values.get(name) ?? ''));
    const search = new URLSearchParams([...entriesOf(query)]).toString();
    return `${this.url}/api/v1${path}${search === '' ? '' : `?${search}`}`;
  }
}

function refusalOf({ method, path }: Contract, body: unknown): ApiRefusal {
  const { data } = problemBodySchema.safeParse(body);
  const issues = data?.issues?.map((issue) => `${issue.path}: ${issue.message}`) ?? [];
  const reason = [data?.message ?? 'The answer is no problem that we know.', ...issues].join(' ');
  return new ApiRefusal(data?.code ?? 'unknown', `${method} ${path} was refused: ${reason}`);
}

function entriesOf(values: unknown): Map<string, string> {
  if (typeof values !== 'object' || values === null) return new Map();
  return new Map(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

/** Keeps the schema's own output type, which `contract.reply.parse` loses behind the generic. */
function parseReply<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  return schema.parse(body);
}
