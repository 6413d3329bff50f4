import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpReply } from '@sluice/shared/connector';
import type { Changes } from '../platform/changes.js';
import { isDatabaseAway } from '../platform/database/is-database-away.js';
import { KeyServiceAway } from '../platform/keys/key-service.js';
import type { Keyring } from '../platform/keys/keyring.js';
import { assertNotStopped } from './assert-not-stopped.js';
import { AttemptWindows } from './attempt-windows.js';
import { type BrokerOptions, brokerDefaults, type MailSettings } from './broker-options.js';
import { Bulkhead } from './bulkhead.js';
import type { BrokerAnswer, CallRecord, Capability, OAuthRequest } from './call.js';
import { assertCapability } from './capability.js';
import { assertConnection, assertGrant, type KnownStanding } from './assert-standing.js';
import type { Credential } from './credential.js';
import { HttpDriver } from './drivers/http.js';
import { connectMilliseconds } from './egress/dial.js';
import { Egress } from './egress/egress.js';
import { BrokerFiles } from './files/broker-files.js';
import { parseHostPort } from './egress/host-port.js';
import { assertNotHeld, keepHold } from './limits/holds.js';
import { Circuits, placeOf } from './limits/circuits.js';
import { HostPauses } from './limits/host-pauses.js';
import { RetryBudgets } from './limits/retry-budget.js';
import { TokenLeases } from './limits/token-leases.js';
import { GrantUses } from './grant-uses.js';
import { LastUse } from './last-use.js';
import { fetchDocument } from './fetch-document.js';
import type { PlainRequest } from './messages.js';
import { sendNoticeCall } from './notices/send-notice-call.js';
import { sendNoticeMail } from './notices/send-notice-mail.js';
import type { OAuthCall } from './oauth/guarded-fetch.js';
import { OAuthDesk } from './oauth/oauth-desk.js';
import type { BrokerCall, CheckedCall, Outlet } from './outlet.js';
import { broke, CallEnded, failed, putOff, refused } from './refusal.js';
import { Secrets } from './secrets.js';
import { sendHttpCall } from './send-http.js';
import { sendImapCall } from './send-imap.js';
import { sendMailCall } from './send-mail.js';
import { sendSftpCall } from './send-sftp.js';
import { sendSqlCall } from './send-sql.js';
import { signText } from './sign-text.js';
import { type Standing, type StandingDatabase, Standings } from './standing.js';
import { Uses } from './uses.js';

export interface DeskParts {
  database: StandingDatabase;
  keyring: Keyring;
  changes: Pick<Changes, 'on'>;
  now: () => number;
  options: BrokerOptions;
  /** Hears of what went wrong inside, which callers are told nothing about. */
  report?: (error: unknown) => void;
}

const keysAway = putOff(
  'broker.keys_away',
  'The key service does not answer, so no secret can be opened: the step waits until it does. "npm run cli -- doctor" says what to do.',
  15,
);

const notCarriedOut = broke({
  code: 'broker.failed',
  message: 'Sluice could not carry out the call: try again, and read the server log if it stays so.',
  uncertain: false,
});
const answerLost = broke({
  code: 'broker.failed',
  message:
    'The service answered, and Sluice could not take its answer in: it may have done the work. The server log says why.',
  uncertain: true,
});

/** The broker's inside: checks each call, sends it and answers. */
export class Desk {
  readonly outlet: Outlet;
  readonly #database: StandingDatabase;
  readonly #keyring: Keyring;
  readonly #standings: Standings;
  readonly #secrets: Secrets;
  readonly #windows = new AttemptWindows();
  readonly #lastUse: LastUse;
  readonly #oauth: OAuthDesk;
  readonly #uses: Uses;
  readonly #grantUses: GrantUses;
  readonly #pauses: HostPauses;
  readonly #mail: MailSettings | null;
  readonly #report: (error: unknown) => void;
  readonly #evenOutMs: number;
  #underWay = 0;
  #closing: PromiseWithResolvers<void> | null = null;

  constructor({ database, keyring, changes, now, options, report = () => undefined }: DeskParts) {
    const maxPerHost = options.maxPerHost ?? brokerDefaults.maxPerHost;
    this.#pauses = new HostPauses({ database, report });
    const egress = new Egress({ ...options, lookup: options.lookup ?? brokerDefaults.lookup, now });
    this.outlet = {
      egress,
      http: new HttpDriver({ ca: egress.ca, socketsPerPool: maxPerHost }),
      bulkhead: new Bulkhead({ maxInFlight: options.maxInFlight ?? brokerDefaults.maxInFlight, maxPerHost }),
      circuits: new Circuits(now, (circuit, pause) => this.#pauses.note(placeOf(circuit), 'down', pause)),
      retries: new RetryBudgets(now, (circuit, held) => this.#pauses.note(placeOf(circuit), 'retries', held)),
      leases: new TokenLeases({ database, now }),
      files: new BrokerFiles(options.blobs ?? null, keyring),
      now,
    };
    this.#database = database;
    this.#keyring = keyring;
    this.#mail = options.mail ?? null;
    this.#report = report;
    this.#evenOutMs = options.evenOutMilliseconds ?? connectMilliseconds;
    this.#standings = new Standings({ database, changes, now });
    this.#secrets = new Secrets({ keyring, now });
    this.#lastUse = new LastUse(database);
    this.#uses = new Uses({ database, now, report });
    this.#grantUses = new GrantUses({ database, now, report });
    this.#oauth = new OAuthDesk({ outlet: this.outlet, database, keyring });
    changes.on('connections', (ids) => {
      this.#secrets.forget(ids);
      this.#oauth.forget(ids);
    });
  }

  /** Takes no more calls, lets those under way end for so long, and cuts the rest. */
  async close(patienceMs = 0): Promise<void> {
    this.#closing = Promise.withResolvers();
    const cut = setTimeout(this.#closing.resolve, patienceMs);
    if (this.#underWay > 0) await this.#closing.promise;
    clearTimeout(cut);
    await this.#uses.flush();
    await this.#grantUses.flush();
    await this.#pauses.flush();
    await this.outlet.http.close();
  }

  /** Never rejects: what went wrong is in the answer. */
  async answer(call: BrokerCall): Promise<BrokerAnswer> {
    if (this.#closing !== null) {
      const message = 'The broker is about to end: nothing was sent.';
      return failed(broke({ code: 'broker.away', message, uncertain: false }));
    }
    this.#underWay += 1;
    try {
      const answer = await this.#carryOut(call);
      if (usesConnection(call.request)) {
        this.#uses.note(call.capability, answer);
        this.#grantUses.note(call.capability, answer);
      }
      return answer;
    } finally {
      this.#underWay -= 1;
      this.#tellIfIdle();
    }
  }

  #tellIfIdle(): void {
    if (this.#underWay === 0) this.#closing?.resolve();
  }

  async #carryOut(call: BrokerCall): Promise<BrokerAnswer> {
    const record: CheckedCall['record'] = { current: null };
    const began = performance.now();
    try {
      const { capability, request } = call;
      this.#admit(capability, await this.#keyring.key('', '', 'capability'));
      if (request.kind === 'notice-mail' || request.kind === 'notice-call')
        return await this.#sendNotice(call, request, record);
      if (request.kind === 'document')
        return await fetchDocument(this.outlet, { database: this.#database, record }, { call, url: request.url });
      const checkAgain = () => this.#check(capability);
      const answered = (reply: HttpReply) => this.#hold(capability.connection, reply);
      const secret = (now: KnownStanding) => this.#credential(call, now);
      const secretBefore = (now: KnownStanding) => this.#credentialBefore(call, now);
      const isLate = lateness(call, this.outlet.now);
      const checked = {
        ...call,
        isLate,
        standing: await checkAgain(),
        record,
        checkAgain,
        answered,
        secret,
        secretBefore,
      };
      this.#lastUse.note(capability.connection, this.outlet.now());
      switch (request.kind) {
        case 'http':
          return await sendHttpCall(this.outlet, checked, request.request);
        case 'mail':
          return await sendMailCall(this.outlet, checked, request);
        case 'sftp':
          return await sendSftpCall(this.outlet, checked, request.request);
        case 'sql':
          return await sendSqlCall(this.outlet, checked, request.request);
        case 'imap':
          return await sendImapCall(this.outlet, checked, request);
        case 'sign':
          return await signText(this.outlet, checked, request.request);
        case 'oauth':
          return await this.#authorize(checked, request.request);
      }
    } catch (error) {
      if (error instanceof CallEnded) {
        await this.#evenOut(error, { record: record.current, began, call });
        return failed(error, record.current);
      }
      const wasReached = record.current !== null && record.current.status !== null;
      if (error instanceof KeyServiceAway && !wasReached) return failed(keysAway, record.current);
      this.#report(error);
      return failed(wasReached ? answerLost : notCarriedOut, record.current);
    }
  }

  /**
   * A host that is denied, closed, filtered or unknown is told of after the same time, so that nobody maps a network by
   * the clock. The operator's own list needs no such veil. The call holds no place of a host meanwhile.
   */
  async #evenOut(
    { failure }: CallEnded,
    { record, began, call }: { record: CallRecord | null; began: number; call: BrokerCall },
  ): Promise<void> {
    const host = record === null ? null : parseHostPort(record.host);
    if (failure.code !== 'egress.unreachable' || host === null || this.outlet.egress.isNamed(host)) return;
    const left = Math.min(began + this.#evenOutMs - performance.now(), call.capability.deadline - this.outlet.now());
    if (left > 0) await sleep(left, undefined, { signal: call.signal }).catch(() => undefined);
  }

  /** What members are told goes through the same guard, on the installation's or the workspace's own settings. */
  async #sendNotice(
    call: BrokerCall,
    request: Extract<PlainRequest, { kind: 'notice-mail' | 'notice-call' }>,
    record: CheckedCall['record'],
  ): Promise<BrokerAnswer> {
    const rooms = { database: this.#database, keyring: this.#keyring, mail: this.#mail, record };
    return request.kind === 'notice-mail'
      ? await sendNoticeMail(this.outlet, rooms, { call, message: request.message })
      : await sendNoticeCall(this.outlet, rooms, { call, id: request.id, body: request.body });
  }

  /** What goes onto the call: of an OAuth connection its access token. */
  async #credential(call: BrokerCall, standing: KnownStanding): Promise<Credential> {
    const { connection } = call.capability;
    const auth = await this.#secrets.find(connection, standing);
    if (auth.kind !== 'oauth2') return auth;
    return { kind: 'bearer', token: await this.#oauth.access(this.#oauthCall(call, standing, []), auth) };
  }

  async #credentialBefore({ capability }: BrokerCall, standing: KnownStanding): Promise<Credential | null> {
    const auth = await this.#secrets.findBefore(capability.connection, standing);
    return auth === null || auth.kind === 'oauth2' ? null : auth;
  }

  /** What a member does about an authorization. */
  async #authorize(call: CheckedCall, request: OAuthRequest): Promise<BrokerAnswer> {
    const { capability, standing } = call;
    if (capability.flow !== null || capability.call !== oauthCall(request.step)) {
      throw refused('broker.call_not_allowed', 'The capability is not one for this: nothing was sent.');
    }
    const auth = await this.#secrets.find(capability.connection, standing);
    if (auth.kind !== 'oauth2') throw refused('broker.bad_request', 'The connection is not one of OAuth.');
    const records: CallRecord[] = [];
    try {
      const reply = await this.#oauth.serve(this.#oauthCall(call, standing, records), auth, request);
      return { ok: true, kind: 'oauth', reply, record: records.at(-1) ?? null };
    } finally {
      call.record.current = records.at(-1) ?? null;
    }
  }

  #oauthCall({ capability, signal }: BrokerCall, standing: KnownStanding, records: CallRecord[]): OAuthCall {
    const { connection, deadline } = capability;
    return { connection, standing, checkAgain: () => this.#checkConnection(capability), deadline, signal, records };
  }

  #admit(capability: Capability, key: KeyObject): void {
    const now = this.outlet.now();
    assertCapability(key, capability, now);
    if (!this.#windows.use(capability, now)) {
      throw refused('broker.capability_spent', 'This attempt has made all the calls it may: split the step.');
    }
  }

  /** Nothing was sent yet: a database that is away for a moment costs a step time and nothing else. */
  async #findStanding(capability: Capability): Promise<Standing | null> {
    for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
      try {
        return await this.#standings.find(capability);
      } catch (error) {
        if (isDatabaseAway(error) && this.outlet.now() + pause < capability.deadline) {
          await sleep(pause);
          continue;
        }
        this.#report(error);
        throw notCarriedOut;
      }
    }
  }

  /** A hold that can't be written down costs the service some calls, and this one nothing. */
  async #hold(connection: string, reply: HttpReply): Promise<void> {
    if (reply.status === 401) this.#oauth.distrust(connection);
    try {
      const isHeld = await keepHold(this.#database, { connection, reply, now: this.outlet.now() });
      if (isHeld) this.#standings.forget(connection);
    } catch (error) {
      this.#report(error);
    }
  }

  async #check(capability: Capability): Promise<KnownStanding> {
    const standing = await this.#checkConnection(capability);
    if (isTakingBack(capability)) return standing;
    assertNotStopped(standing.stops, capability);
    assertNotHeld(standing, this.outlet.now());
    assertGrant(capability, standing, this.outlet.now());
    return standing;
  }

  /** Whose flow asked first for a token is no matter to the others that wait for it. */
  async #checkConnection(capability: Capability): Promise<KnownStanding> {
    const found = await this.#findStanding(capability);
    if (isTakingBack(capability)) return assertConnection(capability, found && { ...found, revoked_at: null });
    const standing = assertConnection(capability, found);
    assertNotStopped(standing.stops, { ...capability, flow: null });
    return standing;
  }
}

/** What was revoked or stopped here may still be taken back at its service. */
function isTakingBack({ call }: Capability): boolean {
  return call === oauthCall('revoke');
}

/** What the capability for a step of an authorization says. */
function oauthCall(step: OAuthRequest['step']): string {
  return `OAUTH ${step}`;
}

/** What members are told, and documents, use none; an authorization is no call of its connection. */
function usesConnection({ kind }: PlainRequest): boolean {
  return kind !== 'oauth' && kind !== 'document' && !kind.startsWith('notice-');
}

function lateness({ startBy = Infinity }: BrokerCall, now: () => number): () => boolean {
  const came = performance.now();
  const left = startBy - now();
  return () => now() > startBy || performance.now() - came > left;
}
