import { Controller } from '@nestjs/common';
import { auditApi, type Reply } from '@sluice/shared/api';
import { type Asked, Given, Route } from '../../platform/http/route.js';
import { AuditCheckService } from './audit-check.service.js';
import { AuditService } from './audit.service.js';

@Controller()
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly checks: AuditCheckService,
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

  @Route(auditApi.verify)
  async verify(@Given() { actor }: Asked<typeof auditApi.verify>): Promise<Reply<typeof auditApi.verify>> {
    const result = await this.checks.verify(actor.workspace);
    await this.audit.recordVerification(actor, result.ok);
    return result;
  }

  @Route(auditApi.status)
  async status(@Given() { actor }: Asked<typeof auditApi.status>): Promise<Reply<typeof auditApi.status>> {
    return await this.checks.status(actor.workspace);
  }
}
