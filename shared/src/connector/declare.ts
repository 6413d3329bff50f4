import type { z } from 'zod';
import { type CallDeclaration, type ListDeclaration, makeCall, makeList, makeProbe, type Probe } from './call.js';
import type { Credentials } from './credentials.js';
import type { ErrorReading } from './error-reading.js';
import type { FieldClass } from './field-class.js';
import type { OAuthDeclaration } from './oauth.js';
import type { Pages } from './pages.js';
import type { Poll } from './poll.js';
import type { HttpReply, HttpRequest, MailMessage, MailReceipt } from './http.js';
import type { ImapReply, ImapRequest } from './imap.js';
import type { SftpReply, SftpRequest } from './sftp.js';
import type { SignReply, SignRequest } from './sign.js';
import type { TriggerEvents } from './trigger-events.js';
import type { SqlReply, SqlRequest } from './sql.js';

/** How a connection proves who it is. The broker alone reads the secret and puts it where the kind says. */
export const authKinds = [
  'none',
  'bearer',
  'basic',
  'apiKey',
  'oauth2',
  'sshKey',
  'signing',
  'secretUrl',
  'sigV4',
  'hmacKey',
] as const;
export type AuthKind = (typeof authKinds)[number];

/** What a scope lets its holder do, as the approver is told. */
export const risks = ['read', 'write', 'money', 'delete', 'bulk'] as const;
export type Risk = (typeof risks)[number];

/** Where the catalogue shows a connector. */
export const categories = [
  'crm',
  'payments',
  'mail',
  'support',
  'chat',
  'shop',
  'work',
  'analytics',
  'plumbing',
] as const;
export type Category = (typeof categories)[number];

/** What a vendor lets one credential do; a connection's own limit begins with it. */
export interface VendorLimits {
  callsPerSecond: number;
  burst: number;
  /** The vendor's own words for it, and where it says them. */
  says: string;
}

export interface ScopeDeclaration {
  /** A sentence part for people: "Create and change contacts". */
  title: string;
  risk: Risk;
  /** The vendor's own scope strings behind it. */
  vendor: readonly string[];
}

/**
 * What keeps a repeated step from doing its work twice.
 * - `natural`: a read, or a write that lands on the same state
 * - `keyed`: the service drops repeats that carry our key, in `header` or in the body's `field`
 * - `checkable`: `find` looks for our own reference before we write again
 * - `unsafe`: never repeated by itself once bytes were sent; a person decides
 */
export type Effect =
  | { class: 'natural' }
  | { class: 'keyed'; header: string }
  | { class: 'keyed'; field: string }
  | { class: 'checkable' }
  | { class: 'unsafe' };

export interface RetrySchedule {
  title: string;
  pauses: readonly number[];
}

/**
 * `url`: an address, and `method` what is done there. `path`: a path, of an action that does one thing; with `below` a name
 * that the path is made of, `/INBOX`.
 */
export type CallFrom = { method: string; url: string } | { path: string; below?: '/' };

/** The only ways out a step has. All throw ConnectorError and refuse hosts that the connector did not declare. */
export interface Net {
  http(request: HttpRequest): Promise<HttpReply>;
  mail(message: MailMessage): Promise<MailReceipt>;
  /** What the server refuses is in the reply. */
  sftp(request: SftpRequest): Promise<SftpReply>;
  /** What the database refuses is in the reply. */
  sql(request: SqlRequest): Promise<SqlReply>;
  /** What the server refuses is in the reply. */
  imap(request: ImapRequest): Promise<ImapReply>;
  /** Made by the broker with the connection's key; nobody is called. */
  sign(request: SignRequest): Promise<SignReply>;
}

/** All that a step may touch: no fetch of its own, no clock, no environment, no secret. */
export interface Step<Config> {
  /** The connection's settings that are no secret. */
  config: Config;
  net: Net;
  /** The same on each attempt of this step. */
  idempotencyKey: string;
  signal: AbortSignal;
}

/** Classes by the path of a field, `customer.email`; entries of a list go by the path of the list. */
export type ClassesByPath = Readonly<Record<string, FieldClass>>;

export interface Action<Config, Scope extends string, In extends z.ZodType, Out extends z.ZodType> {
  title: string;
  description: string;
  scopes: readonly Scope[];
  /** One class, or chosen by the input (an HTTP request is as safe as its method). */
  effect: Effect | ((input: z.output<In>, config: Config) => Effect);
  /** Method and path template, as the approver sees them: `POST`, `/crm/v3/objects/contacts`. */
  method: string;
  path: string;
  /** Input fields that name the method and the address, or the path, where the action leaves them to the flow: what a step writes there as a literal narrows its call. */
  callFrom?: CallFrom;
  input: In;
  output: Out;
  /** What the input's fields hold, `properties.email` style. */
  classes?: ClassesByPath;
  /**
   * What the output's fields hold. A field that isn't named may be an echo: it counts as personal, and as whatever the
   * step was given.
   */
  outputClasses?: ClassesByPath;
  /**
   * What of the service's answer may come in, by path of its JSON: `results.id`; what lies below comes with it. The
   * broker drops the rest. Without a list all of it comes in, and approvers are told so.
   */
  replyFields?: readonly string[];
  /** Those of them that it does its work without: an approver may leave them out. `*` of an action without a list. */
  spareFields?: readonly string[];
  /** Of a list: how it is followed. */
  pages?: Pages;
  /** When a standard says that it is tried again: who says so, and the seconds before each further try. A new step begins with it. */
  retrySchedule?: RetrySchedule;
  /** Input fields that a flow writes out: no expression may stand there, whatever it reads. */
  literals?: readonly string[];
  /** Input fields that say to whom the data goes: another address written there is another need. */
  directs?: readonly string[];
  sample: { input: z.input<In>; output: z.input<Out> };
  run(step: Step<Config>, input: z.output<In>): Promise<z.input<Out>>;
  /** For `checkable`: what an earlier attempt did, or null. */
  find?(step: Step<Config>, input: z.output<In>): Promise<z.input<Out> | null>;
}

/**
 * Something computed of its input alone: without a connection, a grant or a call. It runs in the engine's thread like a
 * mapping, so it bounds what it takes.
 */
export interface Computation<In extends z.ZodType, Out extends z.ZodType> {
  title: string;
  description: string;
  input: In;
  output: Out;
  sample: { input: z.input<In>; output: z.input<Out> };
  /** A pure function. Throws ComputeError where the input gives nothing. */
  compute(input: z.output<In>): z.input<Out>;
}

export interface Trigger<Scope extends string, Params extends z.ZodType, Event extends z.ZodType> {
  title: string;
  description: string;
  scopes: readonly Scope[];
  params: Params;
  /** The schema of `trigger.body`. */
  event: Event;
  /** What the fields of `trigger.body` hold; one that isn't named counts as personal. */
  classes?: ClassesByPath;
  /** How deliveries are signed; `from-config` leaves the choice to the step's config. */
  scheme: WebhookScheme | 'from-config' | 'manual' | 'schedule' | 'poll';
  /** Of the scheme `poll`: what is asked for news, again and again. */
  poll?: Poll;
  /** Deliveries that are not this trigger's business are acknowledged and start nothing. */
  accepts?(body: unknown): boolean;
  /** Kinds of events among which a flow chooses; `params` has `eventChoice` of them. */
  events?: TriggerEvents;
  /** The event's own id, where the scheme signs none. */
  dedupeBy?(body: unknown): string | null;
  sample: z.input<Event>;
}

export const webhookSchemes = [
  'standard-webhooks',
  'stripe',
  'github',
  'slack',
  'hubspot',
  'shopify',
  'hmac',
  'none',
] as const;
export type WebhookScheme = (typeof webhookSchemes)[number];

export interface ConnectorBase<Config extends z.ZodType, Scope extends string> {
  id: string;
  title: string;
  description: string;
  /** Tabler icon name and the tile's colour, e.g. `{ name: 'address-book', color: '#C0341D' }`. */
  icon: { name: string; color: string };
  /** `plumbing` unless said. */
  category?: Category;
  /** The vendor's reference. */
  docs?: string;
  /** What a person does at the vendor before a connection can be made, a sentence a step. */
  setup?: readonly string[];
  auth: readonly AuthKind[];
  /** How the vendor calls what each kind of `auth` is made of, and where it wants it. */
  credentials?: Credentials;
  /** Where `auth` names oauth2. */
  oauth?: OAuthDeclaration;
  config: Config;
  /** A fixed list (`api.hubapi.com`), or read from the connection's config (`host:port` where the port is not 443). */
  hosts: readonly string[] | ((config: z.output<Config>) => readonly string[]);
  scopes: Readonly<Record<Scope, ScopeDeclaration>>;
  /** The classes of data that it may be sent; public, internal and personal unless said otherwise. */
  receives?: readonly FieldClass[];
  /** Where declared calls go: `https://api.stripe.com`. */
  origin?: string | ((config: z.output<Config>) => string);
  /** How failed answers of declared calls read; what it names of them comes in. */
  errors?: ErrorReading;
  limits?: VendorLimits;
  /** What of a failed answer may come in besides, for the words of an error: `error.message`. */
  errorFields?: readonly string[];
  /** A GET at `origin` that does nothing and proves that a connection works; its path may name settings, `/v3/{domain}`. */
  probe?: Probe;
  /** What proves it where one call doesn't; throws ConnectorError when it does not. A sentence of advice may come with it. */
  test?(step: Step<z.output<Config>>): Promise<string | void>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a registry holds connectors of every shape; what goes in and out of one is checked by its own schemas at run time
type Anything = any;
export type AnyAction = Action<Anything, string, z.ZodType, z.ZodType>;
export type AnyComputation = Computation<z.ZodType, z.ZodType>;
export type AnyTrigger = Trigger<string, z.ZodType, z.ZodType>;
export interface Connector {
  base: ConnectorBase<Anything, string>;
  actions: Readonly<Record<string, AnyAction>>;
  triggers: Readonly<Record<string, AnyTrigger>>;
  computations?: Readonly<Record<string, AnyComputation>>;
}

/** Ties a computation's function and sample to its schemas. */
export function declareComputation<In extends z.ZodType, Out extends z.ZodType>(
  computation: Computation<In, Out>,
): Computation<In, Out> {
  return computation;
}

/**
 * Declares a connector. An undeclared scope, a wrong input or a wrong output does not compile.
 *
 * @example
 * const hubspot = declareConnector({ id: 'hubspot', ... });
 * export const upsert = hubspot.action({ scopes: ['contacts.write'], ... });
 * export const connector = hubspot.build({ actions: { 'contacts.upsert': upsert }, triggers: {} });
 */
export function declareConnector<Config extends z.ZodType, const Scope extends string>(
  declared: ConnectorBase<Config, Scope>,
) {
  const base = declared.probe === undefined ? declared : { ...declared, test: makeProbe(declared, declared.probe) };
  return {
    /** An action that is written by hand. */
    action: <In extends z.ZodType, Out extends z.ZodType>(action: Action<z.output<Config>, Scope, In, Out>) => action,
    /** An action that is one call, as data. */
    call: <In extends z.ZodType, Out extends z.ZodType, Reply extends z.ZodType = Out>(
      call: string,
      declared: CallDeclaration<z.output<Config>, Scope, In, Reply, Out>,
    ) => makeCall(base, call, declared),
    /** An action that reads a list over its pages, as data. */
    list: <In extends z.ZodObject, Item extends z.ZodType>(
      call: string,
      declared: ListDeclaration<z.output<Config>, Scope, In, Item>,
    ) => makeList(base, call, declared),
    trigger: <Params extends z.ZodType, Event extends z.ZodType>(trigger: Trigger<Scope, Params, Event>) => trigger,
    build: (parts: {
      actions: Readonly<Record<string, Action<Anything, Anything, Anything, Anything>>>;
      triggers: Readonly<Record<string, Trigger<Anything, Anything, Anything>>>;
      computations?: Readonly<Record<string, Computation<Anything, Anything>>>;
    }): Connector => ({ base, ...parts }),
  };
}
