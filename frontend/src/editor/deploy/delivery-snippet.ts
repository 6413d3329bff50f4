import type { Endpoint } from './Endpoints.js';

const body = `{"id":"A-1","amount":12990}`;

/** A first delivery by hand. The secret is read from the shell, so that it never stands in its history. */
export function deliverySnippet(endpoint: Pick<Endpoint, 'scheme' | 'url'>): { title: string; text: string } | null {
  switch (endpoint.scheme) {
    case 'none':
      return {
        title: 'Try it',
        text: `curl -X POST '${endpoint.url}' \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`,
      };
    case 'standard-webhooks':
      return {
        title: 'Try it: signs with $SECRET, the secret above (whsec_...)',
        text: [
          `BODY='${body}'; ID="msg_$(date +%s)"; TIME=$(date +%s)`,
          `KEY=$(printf %s "\${SECRET#whsec_}" | base64 -d | xxd -p -c 200)`,
          `SIGN=$(printf %s "$ID.$TIME.$BODY" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY -binary | base64)`,
          `curl -X POST '${endpoint.url}' \\`,
          `  -H 'content-type: application/json' \\`,
          `  -H "webhook-id: $ID" -H "webhook-timestamp: $TIME" -H "webhook-signature: v1,$SIGN" \\`,
          `  -d "$BODY"`,
        ].join('\n'),
      };
    default:
      return null;
  }
}
