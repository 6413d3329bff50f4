import session from 'express-session';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../actor.js';
import { Problem } from '../problem.js';
import { MemberLookup } from './access.guard.js';
import { isStillSignedIn } from './still-signed-in.js';

const ada: Actor = { workspace: 'wsp_1', member: 'mbr_1', name: 'Ada', roles: ['owner'], requestId: 'req_1' };

class Members extends MemberLookup {
  actor: Actor | null = ada;
  refusal: Problem | null = null;
  override async findActor(): Promise<Actor | null> {
    return this.actor;
  }
  override async findBearer(token: string): Promise<{ actor: Actor; refusal: Problem | null } | null> {
    return token === 'slc_known' ? { actor: ada, refusal: this.refusal } : null;
  }
}

describe('isStillSignedIn', () => {
  const store = new session.MemoryStore();
  const req = {
    session: { memberId: ada.member },
    headers: {},
    sessionID: 'sid',
    sessionStore: store,
    requestId: 'req_1',
  };
  let members: Members;
  beforeEach(async () => {
    members = new Members();
    const cookie = new session.Cookie();
    await new Promise<void>((done) => store.set('sid', { cookie, memberId: ada.member }, () => done()));
  });

  it('is so while the session is stored and its member active', async () => {
    expect(await isStillSignedIn(req, members)).toBe(true);
  });

  it('is not once the session was ended', async () => {
    await new Promise<void>((done) => store.destroy('sid', () => done()));
    expect(await isStillSignedIn(req, members)).toBe(false);
  });

  it('is not once the member was switched off', async () => {
    members.actor = null;
    expect(await isStillSignedIn(req, members)).toBe(false);
  });

  it('is so for a token until it is revoked, whatever session comes along', async () => {
    const asks = (token: string) => ({ ...req, headers: { authorization: `Bearer ${token}` } });
    expect(await isStillSignedIn(asks('slc_known'), members)).toBe(true);
    expect(await isStillSignedIn(asks('slc_other'), members)).toBe(false);
    members.refusal = new Problem('token.invalid');
    expect(await isStillSignedIn(asks('slc_known'), members)).toBe(false);
  });

  it('says nothing when the store does not answer', async () => {
    const away = { get: (_: string, done: (error: unknown) => void) => done(new Error('away')) };
    await expect(isStillSignedIn({ ...req, sessionStore: away }, members)).rejects.toThrow('away');
  });
});
