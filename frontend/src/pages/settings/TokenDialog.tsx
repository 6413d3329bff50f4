import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core';
import { type Permission, tokenPermissions, tokensApi } from '@sluice/shared/api';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { environmentsQuery, meQuery } from '../../api/queries.js';
import { CopyValue } from '../../ui/Code.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { permissionWords } from './permission-words.js';
import classes from './Settings.module.css';

const lives = [7, 30, 90, 180, 365];

/** Makes an API token; it is shown here and nowhere else. */
export function TokenDialog(props: { onClose: () => void }) {
  const me = useSuspenseQuery(meQuery()).data;
  const environments = useQuery(environmentsQuery());
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<Permission[]>(['flows.read']);
  const [places, setPlaces] = useState<string[]>([]);
  const [cidrs, setCidrs] = useState('');
  const [days, setDays] = useState('90');
  const make = useWrite(tokensApi.create, { renews: [['tokens']] });
  if (make.reply) return <MadeToken name={make.reply.name} token={make.reply.token} onClose={props.onClose} />;
  const offered = tokenPermissions.filter((permission) => me.permissions.includes(permission));
  return (
    <Modal opened onClose={props.onClose} title="New API token">
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          make.run({
            input: {
              body: {
                name,
                permissions,
                environments: places.length === 0 ? null : places,
                cidrs: cidrs.split(/[\s,]+/).filter((part) => part !== ''),
                expiresInDays: Number(days),
              },
            },
            confirm: {
              title: `Make the token ${name}`,
              body: `A program that has it may do this in your name for ${days} days: ${permissions.join(', ')}.`,
              verb: 'Make the token',
            },
          });
        }}
      >
        {make.problem && (
          <Notice tone="failed" title={make.problem.message}>
            {make.problem.issues.map(({ message }) => message).join(' ')}
          </Notice>
        )}
        <TextInput
          label="Name"
          description="What will use it: Deploys from CI"
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox.Group
          label="What it may do"
          description="Of what you may do yourself. What you lose, it loses."
          value={permissions}
          onChange={(chosen) => setPermissions(offered.filter((one) => chosen.includes(one)))}
        >
          <div className={classes.choices}>
            {offered.map((permission) => (
              <Checkbox
                key={permission}
                value={permission}
                label={permissionWords[permission]}
                description={permission}
              />
            ))}
          </div>
        </Checkbox.Group>
        <Checkbox.Group
          label="Where"
          description={
            places.length === 0 ? 'In each environment; choose some to narrow it.' : 'In these and nowhere else.'
          }
          value={places}
          onChange={setPlaces}
        >
          <div className={classes.places}>
            {environments.data?.items.map((environment) => (
              <Checkbox key={environment.id} value={environment.name} label={environment.name} />
            ))}
          </div>
        </Checkbox.Group>
        <TextInput
          label="From where"
          description="Addresses or networks, such as 203.0.113.0/24; from anywhere when empty"
          value={cidrs}
          onChange={(event) => setCidrs(event.currentTarget.value)}
        />
        <Select
          label="Expires after"
          data={lives.map((life) => ({ value: String(life), label: `${life} days` }))}
          value={days}
          allowDeselect={false}
          onChange={(value) => setDays(value ?? '90')}
        />
        <div className={classes.foot}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.busy} disabled={name.trim() === '' || permissions.length === 0}>
            Make the token
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Not closed by a slip: whoever closes it has seen the token for the last time. */
function MadeToken(props: { name: string; token: string; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={`${props.name} is ready`}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <div className={classes.form}>
        <Notice tone="waiting" title="You see this token only now">
          Copy it to where it is used. Only its hash is kept here: nobody can show it again.
        </Notice>
        <div className={classes.link}>
          <code>{props.token}</code>
          <CopyValue value={props.token} label="token" />
        </div>
        <p className="voice-2">
          Send it as <code>Authorization: Bearer {props.token.slice(0, 8)}…</code>
        </p>
        <div className={classes.foot}>
          <Button onClick={props.onClose} data-autofocus>
            I have copied it
          </Button>
        </div>
      </div>
    </Modal>
  );
}
