import { type Connection, connectionsApi } from '@sluice/shared/api';
import type { ConnectorDescription } from '@sluice/shared/connector';
import { Notice } from '../../ui/Notice.js';
import { PanelPart } from '../../ui/SidePanel.js';
import { LimitsFields, limitWords } from '../settings/LimitsFields.js';
import { useWrite } from '../step-up/use-write.js';

/** How fast a connection is used: past its limit steps wait, on all machines together. */
export function LimitsPart(props: {
  connection: Connection;
  vendor: ConnectorDescription['limits'];
  mayManage: boolean;
}) {
  const { id, name, limits } = props.connection;
  const limit = useWrite(connectionsApi.change, { renews: [['connections']] });
  return (
    <PanelPart title="Limit" aside={limitWords(limits)}>
      {limit.problem && <Notice tone="failed" title={limit.problem.message} />}
      {props.mayManage && (
        <LimitsFields
          key={JSON.stringify(limits)}
          of={name}
          limits={limits}
          busy={limit.busy}
          onChange={(changed) => limit.run({ input: { params: { id }, body: { limits: changed } } })}
        />
      )}
      <p className="label">Past it, calls wait their turn, on all machines together; nothing fails because of it.</p>
      {props.vendor && <p className="label">The vendor states: {props.vendor.says}</p>}
    </PanelPart>
  );
}
