import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module.js';
import { LiveController } from './live.controller.js';
import { LiveService } from './live.service.js';

@Module({ imports: [MembersModule], controllers: [LiveController], providers: [LiveService] })
export class LiveModule {}
