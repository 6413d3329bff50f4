import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { anEntry } from '../../../test/factories.js';
import { aPage } from '../../../test/fake-api.js';
import { renderApp } from '../../../test/render-app.js';

it.each([
  ['flow', 'flw_1', '/flows/flw_1'],
  ['run', 'run_1', '/runs/run_1'],
  ['grant', 'grt_1', '/approvals?open=grt_1'],
  ['connection', 'con_1', '/connections?open=con_1'],
  ['member', 'mem_1', '/audit?actor=mem_1'],
])('an entry about a %s leads to it', async (kind, id, address) => {
  renderApp('/audit?open=ent_1', { 'GET /audit': aPage([anEntry({ subject: { kind, id } })]) });
  const panel = within(await screen.findByRole('complementary', { name: 'Entry ent_1' }));
  const [about] = panel.getAllByRole('link').filter((link) => link.textContent?.includes(id));
  expect(about?.getAttribute('href')).toBe(address);
});

it('an entry is proven on request: where it stands, who signed and cosigned, and the file to keep', async () => {
  const at = '2026-11-20T13:32:00.000Z';
  const proof = {
    block: { lane: '0', n: 41, hash: 'ab'.repeat(32), count: 5, index: 1203 },
    position: 2,
    checkpoint: { size: 1300, at },
    witness: { name: 'witness.example', size: 1203, at },
    file: { name: 'sluice-ent_1.json', content: '{"blocks":[]}' },
  };
  const { api, user } = renderApp('/audit?open=ent_1', {
    'GET /audit': aPage([anEntry()]),
    'GET /audit/entries/ent_1/proof': proof,
  });
  const panel = within(await screen.findByRole('complementary', { name: 'Entry ent_1' }));
  expect(api.sent.some(({ path }) => path.endsWith('/proof'))).toBe(false);
  await user.click(panel.getByRole('button', { name: 'Prove this entry' }));
  expect(await panel.findByText('1,204 of 1,300 in the tree')).toBeTruthy();
  expect(panel.getByText('3 of 5 in the block')).toBeTruthy();
  // Of 1,203 blocks the last is 1,202: this one came after.
  expect(panel.getByText('witness.example had not cosigned so far yet')).toBeTruthy();
  expect(panel.getByRole('button', { name: 'Save proof' })).toBeTruthy();
});

it('the screen says when the log was last checked, and how much was hashed anew', async () => {
  const at = '2026-11-20T13:32:00.000Z';
  renderApp('/audit', {
    'GET /audit': aPage([anEntry()]),
    'GET /audit/checkpoint': {
      note: 'flows.example.com/audit',
      key: 'flows.example.com/audit+0a1b2c3d+AQID',
      size: 1300,
      at,
      stoppedBy: null,
      consistency: null,
      rotations: [],
      selfCheck: { at, blocks: 128, entries: 3412 },
      witness: null,
    },
  });
  const said = await screen.findByText(/Checked/, { selector: 'p' });
  expect(said.textContent).toContain('3,412 entries hashed anew');
});
