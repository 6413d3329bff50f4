import type { Grant } from '@sluice/shared/api';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { Card } from '../../ui/Card.js';
import { ClassTag } from '../../ui/ClassTag.js';
import { fieldClass, fieldName } from './field-name.js';
import classes from './Changes.module.css';

/** The proof under the sentences: each field that reaches the service, before and after. */
export function FieldsSent(props: { grant: Grant; service: string }) {
  const { asks, active } = props.grant;
  const fields = [...new Set([...(active?.allows.fields ?? []), ...asks.fields])];
  if (fields.length === 0) return null;
  return (
    <Card flush>
      <table className={classes.sent}>
        <thead>
          <tr>
            <th scope="col">Field to {props.service}</th>
            <th scope="col">Now</th>
            <th scope="col">With v{props.grant.version}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => {
            const name = fieldClass(field);
            const isSentNow = active?.allows.fields.includes(field) ?? false;
            return (
              <tr key={field}>
                <th scope="row">
                  {fieldName(field)} {name && <ClassTag name={name} />}
                </th>
                <td>{isSentNow ? <Sent /> : <span className="voice-3">never</span>}</td>
                <td>
                  {!asks.fields.includes(field) && <span className="voice-3">no longer</span>}
                  {asks.fields.includes(field) && isSentNow && <Sent />}
                  {asks.fields.includes(field) && !isSentNow && (
                    <span className={classes.new}>
                      <IconPlus size={13} stroke={2} aria-hidden /> new
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}

function Sent() {
  return (
    <span className="voice-2">
      <IconCheck size={13} stroke={2} aria-hidden /> sent
    </span>
  );
}
