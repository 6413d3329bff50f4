import type { FlowDocument } from '../document.js';
import type { FlowProblem } from '../problem.js';
import { titleOf } from './title.js';

/** What a live secret looks like: the vendor's own mark, so that ordinary text is left alone. Linear on hostile text. */
const marks: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'a Stripe key', pattern: /\b[sr]k_(?:live|test)_[A-Za-z0-9]{8,}/ },
  { what: 'a webhook signing secret', pattern: /\bwhs(?:ec|k)_[A-Za-z0-9+/=_-]{16,}/ },
  { what: 'a Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{10,}/ },
  { what: 'a Slack webhook address', pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]{16,}/ },
  {
    what: 'a Teams webhook address',
    pattern: /\.(?:logic\.azure\.com|api\.powerplatform\.com)\S{0,400}?[?&]sig=[A-Za-z0-9_-]{16,}/,
  },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { what: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}/ },
  { what: 'a GitHub token', pattern: /\b(?:gh[oprsu]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})/ },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { what: 'a HubSpot token', pattern: /\bpat-[a-z]{2,3}\d-[0-9a-f]{8}-[0-9a-f-]{20,}/ },
  { what: 'a SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/ },
  { what: 'a Shopify token', pattern: /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/ },
  { what: 'an API key', pattern: /\bsk-(?=[A-Za-z_-]{0,200}\d)[A-Za-z0-9_-]{20,}/ },
  { what: 'a Sluice token', pattern: /\bslc_[A-Za-z0-9_-]{16,}/ },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { what: 'a signed token', pattern: /\beyJ[A-Za-z0-9_-]{10,400}\.eyJ[A-Za-z0-9_-]{10,}/ },
  { what: 'a bearer token', pattern: /\b[Bb]earer\s+(?=[A-Za-z._~+/=-]{0,200}\d)[A-Za-z0-9._~+/=-]{20,}/ },
  { what: 'a user name and password', pattern: /^[Bb]asic\s+(?=\S*[A-Z])(?=\S*[\d=])[A-Za-z0-9+/]{8,}={0,2}$/ },
  { what: 'an address with a password in it', pattern: /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@{}]+:[^\s/@{}]+@/i },
];

/**
 * Secrets written into a flow: flows are shared, exported and kept for ever, connections are not. Said without the
 * secret. Also for saving a draft, which refuses them.
 */
export function checkSecrets(document: FlowDocument): FlowProblem[] {
  const { steps, ...rest } = document;
  return [
    ...steps.flatMap((step) =>
      findSecrets(step, []).map(({ what, path }) => ({
        code: 'secret.in_flow',
        message: `${titleOf(step)} holds what looks like ${what}. Remove it and use a connection: it keeps the secret sealed and sends it for you.`,
        step: step.id,
        path,
      })),
    ),
    ...findSecrets(rest, []).map(({ what, path }) => ({
      code: 'secret.in_flow',
      message: `The flow's ${path[0] ?? 'text'} hold what looks like ${what}. Remove it and use a connection: it keeps the secret sealed.`,
      path,
    })),
  ];
}

/** Whether a value holds what looks like a secret anywhere. */
export function holdsSecret(value: unknown): boolean {
  return findSecrets(value, []).length > 0;
}

interface Found {
  what: string;
  path: (string | number)[];
}

function findSecrets(value: unknown, path: (string | number)[]): Found[] {
  if (typeof value === 'string') {
    const mark = marks.find(({ pattern }) => pattern.test(value));
    return mark === undefined ? [] : [{ what: mark.what, path }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => findSecrets(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  // A secret can be a key as well. Its path then stops before it, so as not to repeat it.
  return Object.entries(value).flatMap(([key, inner]) => {
    const inKey = findSecrets(key, path);
    return inKey.length > 0 ? inKey : findSecrets(inner, [...path, key]);
  });
}
