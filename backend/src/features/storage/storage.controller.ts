import { Controller } from '@nestjs/common';
import { type Reply, storageApi } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { StorageService } from './storage.service.js';

@Controller()
export class StorageController {
  constructor(private readonly storage: StorageService) {}

  @Route(storageApi.get)
  async get(@Given() { actor }: Asked<typeof storageApi.get>): Promise<Reply<typeof storageApi.get>> {
    return await this.storage.get(actor.workspace);
  }
}
