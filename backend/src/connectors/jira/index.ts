import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { jira } from './connector.js';

const issue = z
  .string()
  .regex(/^(?:[A-Z][A-Z0-9_]{1,19}-\d{1,10}|\d{1,19})$/, 'a key such as SHOP-7')
  .meta({ title: 'Issue', description: 'Its key: SHOP-7.' });
const project = field.pick('Project', { action: 'projects.list', value: 'key', label: 'name' }, 'Its key: SHOP.');
const other = field.record('Other fields', 'As Jira’s API has them: {"customfield_10001": "x"}.');
const issueSchema = z.object({ id: z.string(), key: z.string(), fields: z.record(z.string(), z.unknown()) });
const issueClasses = { id: 'internal', key: 'internal' } as const;
const sampleIssue = { id: '10001', key: 'SHOP-1', fields: { summary: 'Order 1042 failed', status: { name: 'To Do' } } };

/** Text as an Atlassian document, a paragraph a line. */
function documentOf(text: string) {
  const content = text.split('\n').map((line) => ({
    type: 'paragraph',
    content: line === '' ? [] : [{ type: 'text', text: line }],
  }));
  return { type: 'doc', version: 1, content };
}

export const connector = jira.build({
  actions: {
    'issues.create': jira.call('POST /rest/api/3/issue', {
      title: 'Create an issue',
      description: 'Jira drops no repeats.',
      scopes: ['issues.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({
        project,
        type: field.text('Type', 'Task, Bug, …').default('Task'),
        summary: field.text('Summary').max(255),
        description: field.text('Description').max(30_000).optional(),
        labels: field.texts('Labels').optional(),
        other: other.optional(),
      }),
      directs: ['project'],
      classes: { project: 'internal', type: 'internal', labels: 'internal' },
      outputClasses: issueClasses,
      body: (input) => ({
        fields: {
          ...input.other,
          project: { key: input.project },
          issuetype: { name: input.type },
          summary: input.summary,
          ...(input.description !== undefined && { description: documentOf(input.description) }),
          ...(input.labels !== undefined && { labels: input.labels }),
        },
      }),
      output: z.object({ id: z.string(), key: z.string() }),
      sample: {
        input: { project: 'SHOP', summary: 'Order 1042 failed', description: 'See the run.' },
        output: { id: '10004', key: 'SHOP-4' },
      },
    }),
    'issues.change': jira.call('PUT /rest/api/3/issue/{issue}', {
      title: 'Change an issue',
      description: 'Sets what is given; the rest stays.',
      scopes: ['issues.write'],
      effect: { class: 'natural' },
      input: z.strictObject({
        issue,
        summary: field.text('Summary').max(255).optional(),
        labels: field.texts('Labels', 'All that it shall have.').optional(),
        other: other.optional(),
      }),
      classes: { issue: 'internal', labels: 'internal' },
      outputClasses: { key: 'internal' },
      body: ({ issue: _, other: more, ...fields }) => ({ fields: { ...more, ...fields } }),
      reply: z.unknown(),
      output: z.object({ key: z.string() }),
      read: (_, input) => ({ key: input.issue }),
      sample: { input: { issue: 'SHOP-1', summary: 'Order 1042: refunded' }, output: { key: 'SHOP-1' } },
    }),
    'issues.move': jira.call('POST /rest/api/3/issue/{issue}/transitions', {
      title: 'Move an issue',
      description:
        'By a transition of its workflow. Where the workflow has no such transition from its status, Jira refuses.',
      scopes: ['issues.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({
        issue,
        transition: field.id('Transition', 'Its id, a number: GET /rest/api/3/issue/{issue}/transitions lists them.'),
      }),
      classes: { issue: 'internal', transition: 'internal' },
      outputClasses: { key: 'internal' },
      body: ({ transition }) => ({ transition: { id: transition } }),
      reply: z.unknown(),
      output: z.object({ key: z.string() }),
      read: (_, input) => ({ key: input.issue }),
      sample: { input: { issue: 'SHOP-1', transition: '31' }, output: { key: 'SHOP-1' } },
    }),
    'issues.comment': jira.call('POST /rest/api/3/issue/{issue}/comment', {
      title: 'Comment on an issue',
      description: 'Jira drops no repeats.',
      scopes: ['issues.write'],
      effect: { class: 'unsafe' },
      input: z.strictObject({ issue, text: field.text('Text').max(30_000) }),
      classes: { issue: 'internal' },
      outputClasses: { id: 'internal' },
      body: ({ text }) => ({ body: documentOf(text) }),
      output: z.object({ id: z.string() }),
      sample: { input: { issue: 'SHOP-1', text: 'Refunded.' }, output: { id: '501' } },
    }),
    'issues.get': jira.call('GET /rest/api/3/issue/{issue}', {
      title: 'Read an issue',
      description: 'With the fields that are named.',
      scopes: ['issues.read'],
      input: z.strictObject({ issue, fields: field.text('Fields', 'With commas.').default('summary,status') }),
      classes: { issue: 'internal', fields: 'internal' },
      outputClasses: issueClasses,
      output: issueSchema,
      sample: { input: { issue: 'SHOP-1' }, output: sampleIssue },
    }),
    'issues.search': jira.list('GET /rest/api/3/search/jql', {
      title: 'Find issues',
      description: 'By JQL, which has to name at least one condition.',
      scopes: ['issues.read'],
      input: z.strictObject({
        jql: field.text(
          'JQL',
          'project = SHOP AND status = "To Do". A value that comes from outside can end the text it stands in.',
        ),
        fields: field.text('Fields', 'With commas.').default('summary,status'),
      }),
      classes: { fields: 'internal' },
      pages: {
        by: 'cursor',
        parameter: 'nextPageToken',
        next: 'nextPageToken',
        size: { parameter: 'maxResults', most: 100 },
      },
      items: 'issues',
      item: issueSchema,
      sample: { input: { jql: 'project = SHOP' }, items: [sampleIssue] },
    }),
    'projects.list': jira.list('GET /rest/api/3/project/search', {
      title: 'List projects',
      description: 'Those that the user may browse.',
      scopes: ['projects.read'],
      input: z.strictObject({ query: field.text('Words in name or key').optional() }),
      classes: { query: 'internal' },
      outputClasses: { items: 'internal' },
      pages: { by: 'offset', parameter: 'startAt', size: { parameter: 'maxResults', most: 50 } },
      items: 'values',
      item: z.object({ id: z.string(), key: z.string(), name: z.string() }),
      sample: { input: {}, items: [{ id: '1', key: 'SHOP', name: 'Shop' }] },
    }),
  },
  triggers: {},
});
