import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MemberLookup } from '../../platform/http/access.guard.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { AccessNoticesService } from './access-reviews/access-notices.service.js';
import { AccessReviewsController } from './access-reviews/access-reviews.controller.js';
import { AccessReviewsRepository } from './access-reviews/access-reviews.repository.js';
import { AccessReviewsService } from './access-reviews/access-reviews.service.js';
import { MemberEntity } from './member.entity.js';
import { MembersController } from './members.controller.js';
import { MembersRepository } from './members.repository.js';
import { MembersService } from './members.service.js';
import { AuthController } from './sign-in/auth.controller.js';
import { AuthRepository } from './sign-in/auth.repository.js';
import { AuthService } from './sign-in/auth.service.js';
import { PasswordStrategy } from './sign-in/password.strategy.js';
import { RecoveryCodeEntity } from './sign-in/recovery-code.entity.js';
import { SealedTotp } from './sign-in/sealed-totp.js';
import { SecondFactorService } from './sign-in/second-factor.service.js';
import { SessionsRepository } from './sign-in/sessions.repository.js';
import { SessionsService } from './sign-in/sessions.service.js';
import { SetupLinkEntity } from './sign-in/setup-link.entity.js';
import { SetupLinksService } from './sign-in/setup-links.service.js';
import { SetupService } from './sign-in/setup.service.js';
import { Throttle } from './sign-in/throttle.js';
import { TotpStrategy } from './sign-in/totp.strategy.js';
import { TokenBearers } from './tokens/token-bearers.js';
import { TokenEntity } from './tokens/token.entity.js';
import { TokensController } from './tokens/tokens.controller.js';
import { TokensRepository } from './tokens/tokens.repository.js';
import { TokensService } from './tokens/tokens.service.js';
import { WorkspaceEntity } from './workspace.entity.js';
import { WorkspacesController } from './workspaces.controller.js';
import { WorkspacesService } from './workspaces.service.js';

/** Who the members are, how they sign in, and the API tokens that act in their name. */
@Module({
  imports: [
    TypeOrmModule.forFeature([MemberEntity, WorkspaceEntity, SetupLinkEntity, RecoveryCodeEntity, TokenEntity]),
    PassportModule.register({ session: false }),
    EnvironmentsModule,
    NoticesModule,
  ],
  controllers: [AuthController, AccessReviewsController, MembersController, TokensController, WorkspacesController],
  providers: [
    AccessNoticesService,
    AccessReviewsRepository,
    AccessReviewsService,
    MembersRepository,
    MembersService,
    AuthRepository,
    AuthService,
    { provide: MemberLookup, useExisting: AuthService },
    SecondFactorService,
    SealedTotp,
    SetupLinksService,
    SetupService,
    SessionsRepository,
    SessionsService,
    Throttle,
    TokenBearers,
    TokensRepository,
    TokensService,
    WorkspacesService,
    PasswordStrategy,
    TotpStrategy,
  ],
  exports: [MembersService, MemberLookup, SetupService, SetupLinksService, SessionsRepository],
})
export class MembersModule {}
