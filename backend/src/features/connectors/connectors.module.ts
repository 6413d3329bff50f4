import { Module } from '@nestjs/common';
import { ConnectorsController } from './connectors.controller.js';
import { ConnectorsService } from './connectors.service.js';
import { DocumentReader } from './document-reader.js';
import { DocumentSource } from './document-source.js';
import { ImportedConnectorsRepository } from './imported-connectors.repository.js';
import { ImportsService } from './imports.service.js';

@Module({
  controllers: [ConnectorsController],
  providers: [ImportedConnectorsRepository, ConnectorsService, DocumentReader, DocumentSource, ImportsService],
  exports: [ConnectorsService],
})
export class ConnectorsModule {}
