import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { github, versionHeader } from './connector.js';
import { eventReceived } from './triggers/event-received.js';

const place = {
  owner: field.pick(
    'Owner',
    { action: 'repositories.list', value: 'owner.login', label: 'owner.login' },
    'A person or organization: octo-org.',
  ),
  repo: field.pick(
    'Repository',
    { action: 'repositories.list', value: 'name', label: 'name', where: { 'owner.login': 'owner' } },
    'Its name alone: shop.',
  ),
};
const issuePlace = { ...place, number: field.count('Issue number') };
const placeClasses = { owner: 'internal', repo: 'internal' } as const;
const issuePlaceClasses = { ...placeClasses, number: 'internal' } as const;

const issueSchema = z.object({
  number: z.int(),
  title: z.string(),
  state: z.string(),
  html_url: z.string(),
  body: z.string().nullable(),
});
const issueClasses = { number: 'internal', state: 'internal' } as const;
const sampleIssue = {
  number: 7,
  title: 'Order 1042 failed',
  state: 'open',
  html_url: 'https://github.com/octo-org/shop/issues/7',
  body: 'See the run.',
};

export const connector = github.build({
  actions: {
    'issues.create': github.call('POST /repos/{owner}/{repo}/issues', {
      title: 'Open an issue',
      description: 'GitHub drops no repeats.',
      scopes: ['issues.write'],
      effect: { class: 'unsafe' },
      headers: versionHeader,
      input: z.strictObject({
        ...place,
        title: field.text('Title'),
        body: field.text('Text', 'Markdown.').optional(),
        labels: field.texts('Labels').optional(),
        assignees: field.texts('Assignees', 'User names.').optional(),
      }),
      directs: ['owner', 'repo'],
      classes: { ...placeClasses, labels: 'internal' },
      outputClasses: issueClasses,
      output: issueSchema,
      sample: {
        input: { owner: 'octo-org', repo: 'shop', title: 'Order 1042 failed', body: 'See the run.' },
        output: sampleIssue,
      },
    }),
    'issues.change': github.call('PATCH /repos/{owner}/{repo}/issues/{number}', {
      title: 'Change an issue',
      description: 'Sets what is given; what is left out stays.',
      scopes: ['issues.write'],
      effect: { class: 'natural' },
      headers: versionHeader,
      input: z.strictObject({
        ...issuePlace,
        title: field.text('Title').optional(),
        body: field.text('Text', 'Markdown.').optional(),
        state: field.choice(['open', 'closed'], 'State').optional(),
        labels: field.texts('Labels', 'All that it shall have.').optional(),
      }),
      directs: ['owner', 'repo'],
      classes: { ...issuePlaceClasses, state: 'internal', labels: 'internal' },
      outputClasses: issueClasses,
      output: issueSchema,
      sample: {
        input: { owner: 'octo-org', repo: 'shop', number: 1, state: 'closed' },
        output: { ...sampleIssue, number: 1, state: 'closed' },
      },
    }),
    'issues.comment': github.call('POST /repos/{owner}/{repo}/issues/{number}/comments', {
      title: 'Comment on an issue',
      description: 'Of a pull request too. GitHub drops no repeats.',
      scopes: ['issues.write'],
      effect: { class: 'unsafe' },
      headers: versionHeader,
      input: z.strictObject({ ...issuePlace, body: field.text('Text', 'Markdown.') }),
      directs: ['owner', 'repo'],
      classes: issuePlaceClasses,
      outputClasses: { id: 'internal', html_url: 'internal' },
      output: z.object({ id: z.int(), html_url: z.string() }),
      sample: {
        input: { owner: 'octo-org', repo: 'shop', number: 1, body: 'Refunded.' },
        output: { id: 11, html_url: 'https://github.com/octo-org/shop/issues/1#issuecomment-11' },
      },
    }),
    'issues.get': github.call('GET /repos/{owner}/{repo}/issues/{number}', {
      title: 'Read an issue',
      description: 'One issue by its number.',
      scopes: ['issues.read'],
      headers: versionHeader,
      input: z.strictObject(issuePlace),
      classes: issuePlaceClasses,
      outputClasses: issueClasses,
      output: issueSchema,
      sample: { input: { owner: 'octo-org', repo: 'shop', number: 1 }, output: { ...sampleIssue, number: 1 } },
    }),
    'issues.list': github.list('GET /repos/{owner}/{repo}/issues', {
      title: 'List issues',
      description: 'The newest first. GitHub counts pull requests as issues.',
      scopes: ['issues.read'],
      headers: versionHeader,
      input: z.strictObject({
        ...place,
        state: field.choice(['open', 'closed', 'all'], 'State').default('open'),
        labels: field.text('Labels', 'With commas: bug,urgent.').optional(),
        since: field.time('Changed since').optional(),
      }),
      classes: { ...placeClasses, state: 'internal', labels: 'internal', since: 'internal' },
      pages: { by: 'link', size: { parameter: 'per_page', most: 100 } },
      items: '',
      item: issueSchema,
      sample: { input: { owner: 'octo-org', repo: 'shop' }, items: [sampleIssue] },
    }),
    'repositories.list': github.list('GET /user/repos', {
      title: 'List repositories',
      description: 'Those that the token reaches.',
      scopes: ['repositories.read'],
      headers: versionHeader,
      input: z.strictObject({}),
      outputClasses: { items: 'internal' },
      pages: { by: 'link', size: { parameter: 'per_page', most: 100 } },
      items: '',
      item: z.object({
        name: z.string(),
        full_name: z.string(),
        private: z.boolean(),
        owner: z.object({ login: z.string() }),
      }),
      sample: {
        input: {},
        items: [{ name: 'shop', full_name: 'octo-org/shop', private: true, owner: { login: 'octo-org' } }],
      },
    }),
    'workflows.run': github.call('POST /repos/{owner}/{repo}/actions/workflows/{workflow}/dispatches', {
      title: 'Start a workflow',
      description: 'One that has workflow_dispatch. GitHub drops no repeats.',
      scopes: ['workflows.run'],
      effect: { class: 'unsafe' },
      headers: versionHeader,
      input: z.strictObject({
        ...place,
        workflow: field.id('Workflow', 'Its file name or id: deploy.yml.'),
        ref: field.text('Branch or tag'),
        inputs: field.map('Inputs').optional(),
      }),
      directs: ['owner', 'repo', 'workflow'],
      classes: { ...placeClasses, workflow: 'internal', ref: 'internal' },
      reply: z.unknown(),
      output: z.object({ started: z.boolean() }),
      outputClasses: { started: 'public' },
      read: () => ({ started: true }),
      sample: {
        input: { owner: 'octo-org', repo: 'shop', workflow: 'deploy.yml', ref: 'main' },
        output: { started: true },
      },
    }),
  },
  triggers: { 'event.received': eventReceived },
});
