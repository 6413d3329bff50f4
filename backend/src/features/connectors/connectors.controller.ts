import { Controller } from '@nestjs/common';
import { connectorsApi, type Reply } from '@sluice/shared/api';
import { catalogue } from '../../connectors/registry.js';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { Problem } from '../../platform/problem.js';

/** The catalogue is part of the program: there is nothing to read or to decide. */
@Controller()
export class ConnectorsController {
  @Route(connectorsApi.list)
  list(): Reply<typeof connectorsApi.list> {
    return { items: Object.values(catalogue), next: null };
  }

  @Route(connectorsApi.get)
  get(@Given() { params }: Asked<typeof connectorsApi.get>): Reply<typeof connectorsApi.get> {
    const connector = catalogue[params.id];
    if (connector === undefined)
      throw new Problem('connector.unknown', { message: `There is no connector "${params.id}" here.` });
    return connector;
  }
}
