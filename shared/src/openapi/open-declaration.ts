import { z } from 'zod';
import type { AnyAction, Connector, Effect } from '../connector/declare.js';
import type { ConnectorDescription } from '../connector/describe.js';
import type { OAuthDeclaration } from '../connector/oauth.js';
import { replyError } from '../connector/reply-error.js';
import { wholeReply } from '../connector/reply-fields.js';
import { checkAgainstSchema } from '../flow/check/json-schema.js';
import type { Declaration, ImportedCall } from './declaration.js';
import { type Fields, isFields, listOf } from './opened-document.js';
import { writeRequest } from './write-request.js';

type Config = Readonly<Record<string, string>>;
type Described = ConnectorDescription['actions'][number];

/** An imported connector as the engine uses one: its calls are written from the declaration, and nothing of it is code. */
export function openDeclaration(declaration: Declaration): Connector {
  const { description } = declaration;
  const { id, title, icon, auth, hosts, scopes, receives } = description;
  return {
    base: {
      id,
      title,
      description: description.description,
      icon,
      auth,
      ...(description.oauth === null ? {} : { oauth: oauthOf(declaration, description.oauth) }),
      config: configSchema(description.config),
      hosts: hosts === 'connection' ? (config: Config) => [hostOf(fill(declaration.origin, config))] : hosts,
      scopes,
      receives,
    },
    actions: Object.fromEntries(
      description.actions.flatMap((action) => {
        const call = Object.hasOwn(declaration.calls, action.id) ? declaration.calls[action.id] : undefined;
        return call === undefined ? [] : [[action.id, openAction(declaration, { action, call })]];
      }),
    ),
    triggers: {},
  };
}

function openAction(
  { description, origin }: Declaration,
  { action, call }: { action: Described; call: ImportedCall },
): AnyAction {
  return {
    title: action.title,
    description: action.description,
    scopes: action.scopes,
    effect: effectOf(action.effect, call),
    method: action.method,
    path: action.path,
    input: inputSchema(action.input),
    output: z.object({ status: z.int(), body: z.unknown() }),
    classes: action.classes,
    outputClasses: action.outputClasses,
    ...(action.replyFields === null ? {} : { replyFields: action.replyFields }),
    spareFields: action.replyFields ?? [wholeReply],
    sample: { input: action.sample.input, output: { status: 200, body: null } },
    async run({ net, config, idempotencyKey }, given) {
      const input = isFields(given) ? given : {};
      const request = writeRequest(call, { origin: fill(origin, config), config, input, key: idempotencyKey });
      const reply = await net.http(request);
      // The status only: a body of an unknown service may hold what must not stand in a log.
      const error = replyError(reply, description.title);
      if (error !== null) throw error;
      return { status: reply.status, body: reply.body };
    },
  };
}

function effectOf(name: Described['effect'], { keyHeader }: ImportedCall): Effect {
  if (name === 'keyed' && keyHeader !== null) return { class: 'keyed', header: keyHeader };
  return name === 'natural' ? { class: 'natural' } : { class: 'unsafe' };
}

function oauthOf(
  { oauth }: Declaration,
  { grants, extraScopes }: NonNullable<ConnectorDescription['oauth']>,
): OAuthDeclaration {
  if (oauth === null) return { grants, server: 'connection', extraScopes };
  const { authorization, token, revocation } = oauth;
  return {
    grants,
    server: {
      ...(authorization === undefined ? {} : { authorization }),
      token,
      ...(revocation === undefined ? {} : { revocation }),
    },
    extraScopes,
  };
}

/** Values are written into an address: `{tenant}` by the config's field of that name. */
function fill(template: string, config: Config): string {
  return template.replace(
    /\{([^{}]+)\}/g,
    (_, name: string) => (Object.hasOwn(config, name) ? config[name] : undefined) ?? '',
  );
}

/** `host`, or `host:port` where the port is not 443. */
export function hostOf(origin: string): string {
  const { host, port, protocol } = new URL(origin);
  return protocol === 'http:' && port === '' ? `${host}:80` : host;
}

/** The settings' own schema: texts, each one of a list or in a form that reading the document gave it. */
function configSchema(schema: Fields): z.ZodType {
  const properties = Object.entries(isFields(schema['properties']) ? schema['properties'] : {});
  return z.strictObject(
    Object.fromEntries(
      properties.map(([name, property]) => {
        const { pattern, enum: listed, default: usual } = isFields(property) ? property : {};
        const choices = listOf(listed).filter((choice) => typeof choice === 'string');
        const form = typeof pattern === 'string' ? new RegExp(pattern) : /^$/;
        const text = z
          .string()
          .max(300)
          .refine((value) => (choices.length > 0 ? choices.includes(value) : form.test(value)), {
            error: choices.length > 0 ? `one of ${choices.join(', ')}` : 'not in the form that it must have',
          });
        return [name, typeof usual === 'string' ? text.default(usual) : text];
      }),
    ),
  );
}

/** Input is held to the reduced schema, with the checks of the editor: what they allow there, they allow here. */
function inputSchema(schema: Fields): z.ZodType {
  return z.record(z.string(), z.unknown()).superRefine((value, context) => {
    for (const { path, says } of checkAgainstSchema({ schema, value, isMapping: false })) {
      context.addIssue({ code: 'custom', path, message: says });
    }
  });
}
