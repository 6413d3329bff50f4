import { Controller } from '@nestjs/common';
import { auditApi, type Reply } from '@sluice/shared/api';
import { assertMayEverywhere } from '../../platform/actor.js';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { AuditCheckService } from './audit-check.service.js';
import { AuditService } from './audit.service.js';
import { CheckpointService } from './seal/checkpoint.service.js';
import { EntryShareService } from './share/entry-share.service.js';
import { SealerService } from './seal/sealer.service.js';

@Controller()
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly checks: AuditCheckService,
    private readonly checkpoints: CheckpointService,
    private readonly sealer: SealerService,
    private readonly shares: EntryShareService,
  ) {}

  @Route(auditApi.list)
  async list(@Given() { actor, query }: Asked<typeof auditApi.list>): Promise<Reply<typeof auditApi.list>> {
    const { limit, cursor, ...filter } = query;
    return await this.audit.list(actor, filter, { cursor, limit });
  }

  @Route(auditApi.export)
  async export(@Given() { actor, res }: Asked<typeof auditApi.export>): Promise<void> {
    res.setHeader('Content-Type', 'application/x-ndjson');
    res.setHeader('Content-Disposition', 'attachment; filename="sluice-audit.ndjson"');
    await this.audit.export(actor, res);
    res.end();
  }

  @Route(auditApi.proof)
  async proof(@Given() { actor, params }: Asked<typeof auditApi.proof>): Promise<Reply<typeof auditApi.proof>> {
    return await this.shares.prove(actor, params.id);
  }

  @Route(auditApi.verify)
  async verify(@Given() { actor }: Asked<typeof auditApi.verify>): Promise<Reply<typeof auditApi.verify>> {
    assertMayEverywhere(actor, 'audit.read');
    const result = await this.checks.verify(actor.workspace);
    await this.audit.recordVerification(actor, result.ok);
    return result;
  }

  @Route(auditApi.checkpoint)
  async checkpoint(@Given() { query }: Asked<typeof auditApi.checkpoint>): Promise<Reply<typeof auditApi.checkpoint>> {
    return await this.checkpoints.newest(query.from);
  }

  @Route(auditApi.status)
  async status(@Given() { actor }: Asked<typeof auditApi.status>): Promise<Reply<typeof auditApi.status>> {
    const status = await this.checks.status(actor.workspace);
    return this.sealer.stoppedBy === null ? status : { ...status, state: 'failed' };
  }
}
