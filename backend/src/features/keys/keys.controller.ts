import { Controller } from '@nestjs/common';
import { keysApi, type Reply } from '@sluice/shared/api';
import type { Actor } from '../../platform/actor.js';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { KeyRotationService } from '../audit/seal/key-rotation.service.js';
import { memberEntry } from '../member-entry.js';
import { type By, KeysService } from './keys.service.js';

@Controller()
export class KeysController {
  constructor(
    private readonly keys: KeysService,
    private readonly logKey: KeyRotationService,
  ) {}

  @Route(keysApi.list)
  async list(@Given() { actor }: Asked<typeof keysApi.list>): Promise<Reply<typeof keysApi.list>> {
    return { ...(await this.keys.list(actor.workspace)), log: await this.logKey.find() };
  }

  @Route(keysApi.rotate)
  async rotate(@Given() { actor, body }: Asked<typeof keysApi.rotate>): Promise<Reply<typeof keysApi.rotate>> {
    const scope = { workspace: actor.workspace, environment: body.environment ?? '' };
    return { items: await this.keys.rotate(by(actor), scope) };
  }

  @Route(keysApi.rotateRoot)
  async rotateRoot(@Given() { actor }: Asked<typeof keysApi.rotateRoot>): Promise<Reply<typeof keysApi.rotateRoot>> {
    return await this.keys.rotateRoot(by(actor));
  }

  @Route(keysApi.rotateLog)
  async rotateLog(@Given() { actor }: Asked<typeof keysApi.rotateLog>): Promise<Reply<typeof keysApi.rotateLog>> {
    return { log: await this.logKey.rotate(by(actor)) };
  }
}

function by(actor: Actor): By {
  const { workspace, actor: who, requestId } = memberEntry(actor, '');
  return { workspace, actor: who, ...(requestId === undefined ? {} : { requestId }) };
}
