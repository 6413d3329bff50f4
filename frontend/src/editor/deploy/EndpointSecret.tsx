import { CopyValue } from '../../ui/Code.js';
import type { Endpoint } from './Endpoints.js';
import { deliverySnippet } from './delivery-snippet.js';
import classes from './Endpoints.module.css';

/** An address with its secret, once, and how to send a first delivery. */
export function EndpointSecret(props: { endpoint: Endpoint; secret: string | undefined }) {
  const { endpoint, secret } = props;
  const snippet = deliverySnippet(endpoint);
  return (
    <div className={classes.secret}>
      <span className="label">Address in {endpoint.environment}</span>
      <div className={classes.address}>
        <code>{endpoint.url}</code>
        <CopyValue value={endpoint.url} label="the address" />
      </div>
      {secret !== undefined && (
        <>
          <span className="label">Signing secret, shown only now</span>
          <div className={classes.address}>
            <code>{secret}</code>
            <CopyValue value={secret} label="the secret" />
          </div>
        </>
      )}
      {snippet !== null && (
        <>
          <span className="label">{snippet.title}</span>
          <div className={classes.copy}>
            <CopyValue value={snippet.text} label="the example" />
            <pre className={classes.block} tabIndex={0} aria-label={snippet.title}>
              {snippet.text}
            </pre>
          </div>
        </>
      )}
    </div>
  );
}
