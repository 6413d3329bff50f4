import { ConnectorError, declareConnector, type HttpReply, replyError } from '@sluice/shared/connector';
import { z } from 'zod';

export const origin = 'https://api.hubapi.com';

export const hubspot = declareConnector({
  id: 'hubspot',
  title: 'HubSpot',
  description: 'Keeps contacts, companies and deals in the HubSpot CRM, and starts runs by its events.',
  icon: { name: 'address-book', color: '#C0341D' },
  category: 'crm',
  docs: 'https://developers.hubspot.com/docs/api-reference',
  setup: [
    'Make a private app under Settings, Integrations, with only the scopes that the flow’s scopes name, and copy its access token.',
    'Or make a public app and register the redirect address that the dialog shows: a person then authorizes it.',
  ],
  auth: ['bearer', 'oauth2'],
  credentials: { bearer: { title: 'Access token', help: 'Of a private app; begins with pat-.' } },
  // https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens
  oauth: {
    grants: ['authorizationCode'],
    server: {
      authorization: 'https://app.hubspot.com/oauth/authorize',
      token: `${origin}/oauth/2026-03/token`,
      revocation: `${origin}/oauth/2026-03/token/revoke`,
    },
    clientAuth: 'post',
    extraScopes: ['oauth'],
  },
  config: z.strictObject({}),
  hosts: ['api.hubapi.com'],
  origin,
  errors: { said: ['errors.context.requiredGranularScopes', 'message'] },
  scopes: {
    'contacts.read': { title: 'Read contacts', risk: 'read', vendor: ['crm.objects.contacts.read'] },
    'contacts.write': { title: 'Create and change contacts', risk: 'write', vendor: ['crm.objects.contacts.write'] },
    'companies.read': { title: 'Find companies', risk: 'read', vendor: ['crm.objects.companies.read'] },
    'companies.write': { title: 'Create and change companies', risk: 'write', vendor: ['crm.objects.companies.write'] },
    'deals.read': { title: 'Read deals, pipelines and stages', risk: 'read', vendor: ['crm.objects.deals.read'] },
    'deals.write': { title: 'Create and change deals', risk: 'write', vendor: ['crm.objects.deals.write'] },
    'owners.read': { title: 'List the people who own deals', risk: 'read', vendor: ['crm.objects.owners.read'] },
  },
  errorFields: ['message', 'category', 'errors.context.requiredGranularScopes'],
  async test(step) {
    const reply = await step.net.http({ method: 'GET', url: `${origin}/account-info/v3/details` });
    const error = replyError(reply, 'HubSpot', explain(reply));
    if (error !== null) throw error;
  },
});

const errorBodySchema = z.object({
  message: z.string().optional(),
  category: z.string().optional(),
  errors: z
    .array(z.object({ context: z.object({ requiredGranularScopes: z.array(z.string()).optional() }).optional() }))
    .optional(),
});

/** The reply's body, or the error that it stands for. */
export function readReply<Body extends z.ZodType>(reply: HttpReply, schema: Body): z.output<Body> {
  const error = replyError(reply, 'HubSpot', explain(reply));
  if (error !== null) throw error;
  const body = schema.safeParse(reply.body);
  if (!body.success) {
    throw new ConnectorError('bad-reply', 'HubSpot’s answer has a shape that this connector does not know.', {
      status: reply.status,
      cause: body.error,
    });
  }
  return body.data;
}

function explain(reply: HttpReply): string | undefined {
  const { data } = errorBodySchema.safeParse(reply.body);
  const missing = data?.errors?.flatMap((one) => one.context?.requiredGranularScopes ?? []) ?? [];
  if (missing.length > 0) return `the credential lacks one of the scopes ${missing.join(', ')}.`;
  return data?.message?.slice(0, 300);
}
