import { Injectable } from '@nestjs/common';
import { type Catalogue, fieldClasses } from '@sluice/shared/connector';
import type { Boundaries } from '@sluice/shared/flow';
import type { EntityManager } from 'typeorm';
import { ConnectorsService } from '../connectors/connectors.service.js';
import { EnvironmentsService } from '../environments/environments.service.js';
import { VersionsRepository } from './versions.repository.js';

/** What a draft is checked against. */
export interface Surroundings {
  boundaries: Boundaries;
  catalogue: Catalogue;
}

/** What a workspace says of where data may go: what drafts are checked against besides the catalogue. */
@Injectable()
export class BoundariesService {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly versions: VersionsRepository,
    private readonly connectors: ConnectorsService,
  ) {}

  /** The same with the catalogue: all that a draft is checked against. */
  async withCatalogue(workspace: string, tx?: EntityManager): Promise<Surroundings> {
    const [boundaries, catalogue] = await Promise.all([
      this.of(workspace, tx),
      this.connectors.catalogue(workspace, tx),
    ]);
    return { boundaries, catalogue };
  }

  async of(workspace: string, tx?: EntityManager): Promise<Boundaries> {
    const [environments, answers] = await Promise.all([
      this.environments.list(workspace, tx),
      this.versions.answers(workspace, tx),
    ]);
    return {
      answers: Object.fromEntries(answers.map(({ flow, classes }) => [flow, classes])),
      environments: environments.map(({ name, policy }) => ({ name, classes: policy.classes ?? [...fieldClasses] })),
    };
  }
}
