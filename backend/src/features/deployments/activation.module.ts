import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ActivationService } from './activation.service.js';
import { DeploymentEntity } from './deployment.entity.js';
import { DeploymentsRepository } from './deployments.repository.js';
import { EndpointEntity } from './endpoint.entity.js';
import { EndpointSecretEntity } from './endpoint-secret.entity.js';
import { EndpointsRepository } from './endpoints.repository.js';

/** Apart from DeploymentsModule, which needs flows and grants, which need this. */
@Module({
  imports: [TypeOrmModule.forFeature([DeploymentEntity, EndpointEntity, EndpointSecretEntity])],
  providers: [DeploymentsRepository, EndpointsRepository, ActivationService],
  exports: [DeploymentsRepository, EndpointsRepository, ActivationService],
})
export class ActivationModule {}
