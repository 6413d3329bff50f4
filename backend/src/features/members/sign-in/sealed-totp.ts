import { Injectable } from '@nestjs/common';
import { Keyring } from '../../../platform/keys/keyring.js';
import { openText, seal } from '../../../platform/keys/sealing.js';

type Column = 'totp_sealed' | 'totp_pending_sealed';

/** Seeds of second factors at rest: sealed for one member and one column, so that none can be moved to another. */
@Injectable()
export class SealedTotp {
  constructor(private readonly keyring: Keyring) {}

  async seal(member: { id: string; workspaceId: string }, column: Column, secret: string): Promise<string> {
    return seal(await this.keyring.keys(member.workspaceId, '', 'member'), secret, place(member, column));
  }

  async open(member: { id: string; workspaceId: string }, column: Column, sealed: string): Promise<string> {
    const keys = await this.keyring.keysFor(place(member, column), sealed);
    return openText(keys, sealed, place(member, column));
  }
}

function place(member: { id: string; workspaceId: string }, column: Column) {
  return {
    purpose: 'member',
    workspace: member.workspaceId,
    environment: '',
    table: 'member',
    row: member.id,
    column,
  } as const;
}
