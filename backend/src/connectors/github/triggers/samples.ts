const about = { repository: { full_name: 'octo-org/shop' }, sender: { login: 'octocat' } };
const issue = { number: 7, title: 'Order 1042 failed', state: 'open', labels: [{ name: 'bug' }] };

/** The fields of each event that flows mostly read. */
export const samples = {
  issues: { action: 'opened', issue, ...about },
  issue_comment: { action: 'created', issue, comment: { id: 901, body: 'It happened again.' }, ...about },
  pull_request: {
    action: 'opened',
    number: 12,
    pull_request: {
      number: 12,
      title: 'Round amounts once',
      state: 'open',
      draft: false,
      merged: false,
      head: { ref: 'round-once', sha: '6dcb09b5b57875f334f61aebed695e2e4193db5e' },
      base: { ref: 'main' },
    },
    ...about,
  },
  pull_request_review: {
    action: 'submitted',
    review: { id: 80, state: 'approved', body: 'Good.' },
    pull_request: { number: 12, title: 'Round amounts once' },
    ...about,
  },
  push: {
    ref: 'refs/heads/main',
    before: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
    after: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
    created: false,
    deleted: false,
    forced: false,
    commits: [{ id: '6dcb09b5b57875f334f61aebed695e2e4193db5e', message: 'Round amounts once' }],
    ...about,
  },
  release: {
    action: 'published',
    release: { id: 31, tag_name: 'v1.4.0', name: '1.4.0', draft: false, prerelease: false },
    ...about,
  },
  workflow_run: {
    action: 'completed',
    workflow_run: {
      id: 30_433_642,
      name: 'Build',
      head_branch: 'main',
      run_number: 562,
      event: 'push',
      status: 'completed',
      conclusion: 'failure',
    },
    ...about,
  },
};
