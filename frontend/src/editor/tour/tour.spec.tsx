import { checkFlow, computeManifest } from '@sluice/shared/flow';
import { cleanup, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { aCatalogue } from '../../../../shared/test/a-catalogue.js';
import { aFlow as aDocument, aTrigger } from '../../../../shared/test/a-flow.js';
import { aFlow, aMe } from '../../../test/factories.js';
import { aPage, type Handlers } from '../../../test/fake-api.js';
import { breaches, renderApp } from '../../../test/render-app.js';
import { stops } from './stops.js';

const drawing = aDocument({ steps: [aTrigger] });

function openEditor(more: Handlers = {}) {
  return renderApp('/flows/flw_1', {
    'GET /flows/flw_1': aFlow({ latestVersion: null, deployments: [] }),
    'GET /flows/flw_1/draft': {
      document: drawing,
      revision: 1,
      boundaries: { answers: {}, environments: [] },
      problems: checkFlow(drawing, aCatalogue),
      manifest: computeManifest(drawing, aCatalogue),
    },
    'GET /flows/flw_1/deployments': aPage([]),
    'GET /flows/flw_1/endpoints': aPage([]),
    'GET /flows/flw_1/versions': aPage([]),
    'GET /connectors': aPage(Object.values(aCatalogue)),
    ...more,
  });
}
const card = () => screen.queryByRole('region', { name: 'Tour of the editor' });
const drawn = async () => await screen.findByRole('button', { name: 'Fit the flow' });
const framed = () => document.querySelector('[data-stop]')?.getAttribute('data-stop') ?? null;

describe('the tour', () => {
  it('goes by keys through every part at the first visit, and does not come back for who has seen it', async () => {
    const { user } = openEditor();
    await drawn();
    expect(document.activeElement).toBe(card());
    expect(await breaches()).toEqual([]);
    for (const [index, { part, title }] of stops.entries()) {
      expect(framed()).toBe(part);
      expect(screen.getByRole('heading', { name: title })).toBeTruthy();
      screen.getByRole('button', { name: index < stops.length - 1 ? 'Next' : 'Begin to draw' }).focus();
      await user.keyboard('{Enter}');
    }
    expect(card()).toBeNull();
    expect(framed()).toBeNull();

    cleanup();
    openEditor();
    await drawn();
    expect(card()).toBeNull();

    cleanup();
    openEditor({ 'GET /auth/me': aMe({ id: 'mem_mia' }) });
    await drawn();
    expect(card()).toBeTruthy();
  });

  it('is skipped with Escape, goes back, and is shown again when asked for', async () => {
    const { user } = openEditor();
    await drawn();
    await user.keyboard('{Escape}');
    expect(card()).toBeNull();
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByPlaceholderText('Find or do'), 'show the tour{ArrowDown}{Enter}');
    expect(await screen.findByRole('heading', { name: stops[0]?.title ?? '' })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Next' }));
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(framed()).toBe(stops[0]?.part);
    await user.click(screen.getByRole('button', { name: 'Skip the tour' }));
    expect(card()).toBeNull();
  });

  it('is not offered to who may not draw', async () => {
    openEditor({ 'GET /auth/me': aMe({ roles: ['viewer'], permissions: ['flows.read'] }) });
    await drawn();
    expect(card()).toBeNull();
  });
});
