import { Button } from '@mantine/core';
import { flowsApi } from '@sluice/shared/api';
import { IconArrowRight } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { z } from 'zod';
import { plural } from '../../lib/format-count.js';
import { Card } from '../../ui/Card.js';
import { ClassTag } from '../../ui/ClassTag.js';
import { Code } from '../../ui/Code.js';
import { ConnectorTile } from '../../ui/ConnectorTile.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Keys } from '../../ui/Keys.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { BeforeProduction } from './BeforeProduction.js';
import { type Template, templates } from './templates.js';
import classes from './FirstFlow.module.css';

const keys = [
  ['Find or do anything', '⌘K'],
  ['New flow', 'N'],
  ['Search this page', '/'],
  ['Go to Runs', 'G then R'],
  ['Go to Approvals', 'G then A'],
] as const;

/** The first day: three flows to start from, what to do before production, the keys. */
export function FirstFlow(props: { mayEdit: boolean }) {
  const navigate = useNavigate();
  const create = useWrite(flowsApi.create, {
    renews: [['flows']],
    onDone: (flow) => void navigate({ to: '/flows/$flowId', params: { flowId: flow.id } }),
  });
  if (!props.mayEdit) {
    return (
      <EmptyState title="There is no flow yet">
        A builder draws one; it appears here with its runs and its state.
      </EmptyState>
    );
  }
  return (
    <div className={classes.page}>
      <div>
        <h2 className={classes.title}>Draw your first flow</h2>
        <p className={classes.lead}>
          Start from one of these, or from an empty canvas. Nothing leaves before you deploy it, and no credential is
          needed to draw.
        </p>
      </div>
      {create.problem && <Notice tone="failed" title={create.problem.message} />}
      <div className={classes.templates}>
        {templates.map((template) => (
          <TemplateCard
            key={template.name}
            template={template}
            busy={create.busy}
            onUse={() =>
              create.run({ input: { body: { name: template.name, document: z.json().parse(template.document) } } })
            }
          />
        ))}
      </div>
      <div className={classes.below}>
        <BeforeProduction />
        <Card title="Handy keys">
          <ul className={classes.keys}>
            {keys.map(([does, key]) => (
              <li key={does}>
                {does} <Keys>{key}</Keys>
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </div>
  );
}

function TemplateCard(props: { template: Template; busy: boolean; onUse: () => void }) {
  const { template } = props;
  return (
    <article className={classes.card}>
      <div className={classes.drawing} aria-hidden>
        {template.rows.map((row) => (
          <div key={row.map(({ name }) => name).join()} className={classes.row}>
            {row.map((step) => (
              <span key={step.name} className={classes.step}>
                <ConnectorTile name={step.tile} size={20} />
                {step.name}
              </span>
            ))}
          </div>
        ))}
      </div>
      <div className={classes.text}>
        <h3 className={classes.name}>{template.name}</h3>
        <p className="voice-2">{template.says}</p>
        <dl className={classes.facts}>
          <dt>Talks to</dt>
          <dd>
            {template.talksTo.map((host) => (
              <Code key={host}>{host}</Code>
            ))}
          </dd>
          <dt>Sends</dt>
          <dd>
            {template.sends.map((sent) => (
              <ClassTag key={sent.fields} name={sent.class} text={sent.fields} />
            ))}
          </dd>
        </dl>
        <div className={classes.use}>
          <span className="label">{plural(template.document.steps.length, 'step')}</span>
          <Button
            variant="default"
            leftSection={<IconArrowRight size={15} stroke={1.75} />}
            disabled={props.busy}
            onClick={props.onUse}
            aria-label={`Use ${template.name}`}
          >
            Use
          </Button>
        </div>
      </div>
    </article>
  );
}
