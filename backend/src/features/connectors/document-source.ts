import { Injectable } from '@nestjs/common';
import { Broker, claimOfNoFlow } from '../../broker/call.js';
import type { Actor } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';

const patienceMs = 30_000;

/** Documents at addresses: the broker reads them, through the guard that every call goes through. */
@Injectable()
export class DocumentSource {
  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
  ) {}

  /** Its text. Throws `connector.not_reachable`. */
  async read({ workspace }: Actor, url: string): Promise<string> {
    const of = { workspace, environment: '', connection: 'document', connector: 'openapi', hosts: [] };
    const deadline = this.clock.now() + patienceMs;
    const capability = this.broker.mint(claimOfNoFlow(of, { call: 'GET document', deadline }));
    const answer = await this.broker.call(capability, { kind: 'document', url });
    if (!answer.ok) throw new Problem('connector.not_reachable', { message: answer.failure.message });
    if (answer.kind !== 'http') throw new Error('The broker answered another kind of request.');
    const { status, body } = answer.reply;
    if (status !== 200)
      throw new Problem('connector.not_reachable', {
        message: `The address answered ${status}: give one that anybody may read, or choose a file.`,
      });
    return typeof body === 'string' ? body : JSON.stringify(body);
  }
}

/** Where a document came from, without what a query may hold. */
export function sourceOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
