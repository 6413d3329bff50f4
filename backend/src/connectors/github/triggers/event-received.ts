import { deliveryLimits, eventChoice } from '@sluice/shared/connector';
import { z } from 'zod';
import { github } from '../connector.js';
import { eventNames } from './event-names.js';
import { samples } from './samples.js';

const eventSchema = z.looseObject({
  action: z.string().optional(),
  repository: z.looseObject({ full_name: z.string() }).optional(),
  sender: z.looseObject({ login: z.string() }).optional(),
});

const pingSchema = z.looseObject({ zen: z.string(), hook_id: z.int() });

export const eventReceived = github.trigger({
  title: 'Event received',
  description:
    'Starts a run for each event of a repository’s or organization’s webhook, or for those that are chosen. A repeat is known by its X-GitHub-Delivery.',
  scopes: [],
  scheme: 'github',
  params: z.strictObject({ ...eventChoice(eventNames), ...deliveryLimits }),
  event: eventSchema,
  classes: {
    action: 'public',
    'repository.full_name': 'internal',
    ref: 'internal',
    before: 'internal',
    after: 'internal',
    created: 'public',
    deleted: 'public',
    forced: 'public',
    number: 'internal',
    'issue.number': 'internal',
    'issue.state': 'public',
    'pull_request.number': 'internal',
    'pull_request.state': 'public',
    'pull_request.draft': 'public',
    'pull_request.merged': 'public',
    'pull_request.head.ref': 'internal',
    'pull_request.head.sha': 'internal',
    'pull_request.base.ref': 'internal',
    'review.state': 'public',
    'release.tag_name': 'internal',
    'release.draft': 'public',
    'release.prerelease': 'public',
    'workflow_run.id': 'internal',
    'workflow_run.name': 'internal',
    'workflow_run.head_branch': 'internal',
    'workflow_run.run_number': 'internal',
    'workflow_run.event': 'public',
    'workflow_run.status': 'public',
    'workflow_run.conclusion': 'public',
  },
  // What GitHub sends once when a webhook is made tells of nothing that happened.
  accepts: (body) => eventSchema.safeParse(body).success && !pingSchema.safeParse(body).success,
  events: { kindOf: ({ header }) => header('x-github-event'), samples },
  sample: samples.issues,
});
