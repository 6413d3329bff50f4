import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { apiCell, type Cell, cellOptions } from './platform/database/cell.js';
import { workspaceDriver } from './platform/database/workspace-pool.js';
import { AccessGuard } from './platform/http/access.guard.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { ReplyInterceptor } from './platform/http/reply.interceptor.js';
import { AuditModule } from './features/audit/audit.module.js';
import { RunShareModule } from './features/audit/share/run-share.module.js';
import { ConnectionsModule } from './features/connections/connections.module.js';
import { ConnectorsModule } from './features/connectors/connectors.module.js';
import { DeploymentsModule } from './features/deployments/deployments.module.js';
import { EnvironmentsModule } from './features/environments/environments.module.js';
import { ErasuresModule } from './features/erasures/erasures.module.js';
import { FlowsModule } from './features/flows/flows.module.js';
import { GrantsModule } from './features/grants/grants.module.js';
import { InboxModule } from './features/inbox/inbox.module.js';
import { KeysModule } from './features/keys/keys.module.js';
import { KillSwitchesModule } from './features/kill-switches/kill-switches.module.js';
import { LiveModule } from './features/live/live.module.js';
import { MembersModule } from './features/members/members.module.js';
import { IdempotencyInterceptor } from './features/requests/idempotency.interceptor.js';
import { NoticesModule } from './features/notices/notices.module.js';
import { RequestsModule } from './features/requests/requests.module.js';
import { RetentionModule } from './features/retention/retention.module.js';
import { RunsModule } from './features/runs/runs.module.js';
import { SchedulesModule } from './features/schedules/schedules.module.js';
import { StorageModule } from './features/storage/storage.module.js';
import { ViewsModule } from './features/views/views.module.js';

/** Hands the parts that were put together outside Nest (journal, engine, broker, ...) to every feature. */
@Global()
@Module({})
class PartsModule {
  static with(parts: Provider[]): DynamicModule {
    return { module: PartsModule, providers: parts, exports: parts };
  }
}

/** The API: one module a product noun. */
@Module({})
export class AppModule {
  static with({ cell, parts }: { cell: Cell; parts: Provider[] }): DynamicModule {
    const { connectionString, options } = cellOptions(apiCell(cell));
    return {
      module: AppModule,
      imports: [
        PartsModule.with(parts),
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: connectionString,
          autoLoadEntities: true,
          synchronize: false,
          poolSize: 6,
          extra: { options },
          driver: workspaceDriver,
          retryAttempts: 0,
        }),
        RequestsModule,
        MembersModule,
        EnvironmentsModule,
        ConnectorsModule,
        ConnectionsModule,
        FlowsModule,
        DeploymentsModule,
        GrantsModule,
        RunsModule,
        ErasuresModule,
        StorageModule,
        InboxModule,
        SchedulesModule,
        KillSwitchesModule,
        NoticesModule,
        ViewsModule,
        KeysModule,
        LiveModule,
        AuditModule,
        RunShareModule,
        RetentionModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useExisting: IdempotencyInterceptor },
        { provide: APP_INTERCEPTOR, useClass: ReplyInterceptor },
      ],
    };
  }
}
