import { Injectable } from '@nestjs/common';
import type { Decision, Role, RunStep } from '@sluice/shared/api';
import { roleSchema } from '@sluice/shared/api';
import { z } from 'zod';
import { openAskText } from '../../engine/ask-sealing.js';
import { Engine } from '../../engine/engine.js';
import { type Actor, rolesIn } from '../../platform/actor.js';
import { readTimeCursor, timeCursor } from '../../platform/http/time-cursor.js';
import { Keyring } from '../../platform/keys/keyring.js';
import { FlowsService } from '../flows/flows.service.js';
import { AsksRepository, type StoredAsk } from './asks.repository.js';

const questionSchema = z.object({ question: z.string(), details: z.record(z.string(), z.unknown()) });

/** Questions hold what a decider needs to know, and are for nobody else. */
const untold = { question: 'What is asked is shown to those who may decide.', details: {} };

/** Approval steps: what they ask, who may answer, and the answer. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly asks: AsksRepository,
    private readonly flows: FlowsService,
    private readonly engine: Engine,
    private readonly keyring: Keyring,
  ) {}

  async list(
    actor: Actor,
    { cursor, limit }: { cursor: string | undefined; limit: number },
  ): Promise<{ items: Decision[]; next: string | null }> {
    const found = await this.asks.open(actor.workspace, { after: readTimeCursor(cursor), limit });
    const names = await this.flows.names(actor.workspace);
    const items = await Promise.all(
      found.map(async (ask) => ({
        run: ask.run,
        step: ask.step,
        flow: { id: ask.flow, name: names.get(ask.flow) ?? '' },
        environment: ask.environment,
        askedAt: ask.askedAt.toISOString(),
        until: ask.until.toISOString(),
        ...(await this.tell(actor, ask)),
      })),
    );
    const last = found.length === limit ? found.at(-1) : undefined;
    return { items, next: last === undefined ? null : timeCursor(last.askedAt, last.run) };
  }

  /** Adds to steps of a run what they ask. */
  async addQuestions(actor: Actor, run: string, steps: readonly RunStep[]): Promise<void> {
    const asking = steps.filter(({ status, ask }) => status === 'waiting' && ask?.kind === 'approval');
    if (asking.length === 0) return;
    const asks = new Map((await this.asks.ofRun(run)).map((ask) => [ask.step, ask]));
    for (const step of asking) {
      const ask = asks.get(step.key);
      if (ask !== undefined) step.ask = { kind: 'approval', ...(await this.tell(actor, ask)) };
    }
  }

  async decide(
    actor: Actor,
    place: { run: string; step: string },
    { decision, note }: { decision: 'approved' | 'refused'; note: string | null },
  ): Promise<void> {
    await this.engine.decide({ actor, ...place, decision, note });
  }

  private async tell(actor: Actor, { run, step, environment, deciders, question }: StoredAsk) {
    const keys = { payload: await this.keyring.key(actor.workspace, environment, 'payload') };
    const asked =
      question === null
        ? { question: '', details: {} }
        : questionSchema.parse(JSON.parse(openAskText(keys, question, { run, step, of: 'question' })));
    const who = deciders.split(',').flatMap((name): Role[] => {
      const role = roleSchema.safeParse(name).data;
      return role === undefined ? [] : [role];
    });
    const mayDecide = rolesIn(actor, environment).some((role) => who.includes(role));
    return { ...(mayDecide ? asked : untold), deciders: who, mayDecide };
  }
}
