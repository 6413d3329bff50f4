import { describe, expect, it } from 'vitest';
import { configFields, configFromFields } from './config-field.js';

const schema = {
  type: 'object',
  required: ['host', 'port', 'hosts'],
  properties: {
    host: { type: 'string', title: 'Host', description: 'Where.' },
    port: { type: 'integer', default: 587 },
    hosts: { type: 'array', items: { type: 'string' } },
    keyed: { type: 'boolean', default: false },
    tls: { anyOf: [{ type: 'string', enum: ['required', 'none'] }, { type: 'boolean' }] },
  },
};

describe('the fields of a config', () => {
  it('are read from its schema, in its order', () => {
    expect(
      configFields(schema, 'basic').map(({ name, kind, isRequired, initial, choices }) => ({
        name,
        kind,
        isRequired,
        initial,
        choices,
      })),
    ).toEqual([
      { name: 'host', kind: 'text', isRequired: true, initial: '', choices: [] },
      { name: 'port', kind: 'number', isRequired: false, initial: '587', choices: [] },
      { name: 'hosts', kind: 'list', isRequired: true, initial: '', choices: [] },
      { name: 'keyed', kind: 'switch', isRequired: false, initial: false, choices: [] },
      { name: 'tls', kind: 'choice', isRequired: false, initial: '', choices: ['required', 'none'] },
    ]);
  });

  it('are asked for, and needed, only with the way to sign in that they belong to', () => {
    const mail = { type: 'object', properties: { mailbox: { type: 'string', onlyWith: 'oauth2' } } };
    expect(configFields(mail, 'basic')).toEqual([]);
    expect(configFields(mail, 'oauth2')).toMatchObject([{ name: 'mailbox', isRequired: true }]);
  });

  it('are none for what is no object schema', () => {
    expect(configFields('nonsense', 'basic')).toEqual([]);
  });

  it('are sent with their types, the empty ones left out', () => {
    const sent = configFromFields(configFields(schema, 'basic'), {
      host: ' mail.example ',
      hosts: 'a.example\nb.example:8443, ',
      tls: '',
    });

    expect(sent).toEqual({ host: 'mail.example', port: 587, hosts: ['a.example', 'b.example:8443'], keyed: false });
  });
});
