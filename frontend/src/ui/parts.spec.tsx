import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { breaches } from '../../test/render-app.js';
import { CodeInput } from './CodeInput.js';
import { EnvironmentChip } from './EnvironmentChip.js';
import { StatusBadge } from './StatusBadge.js';
import { stripLabel } from './StepStrip.js';
import { StepUpDialog } from './StepUpDialog.js';
import { cssVariablesResolver, theme } from './theme.js';

function Themed(props: { children: React.ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} env="test">
      {props.children}
    </MantineProvider>
  );
}

describe('the six boxes', () => {
  function Held() {
    const [code, setCode] = useState('');
    return <CodeInput label="Code from your authenticator" value={code} onChange={setCode} />;
  }

  it('are one labelled field that takes a pasted code and keeps its digits', async () => {
    const user = userEvent.setup();
    render(<Held />);

    await user.click(screen.getByLabelText('Code from your authenticator'));
    await user.paste('492 039 1');

    expect(screen.getByLabelText<HTMLInputElement>('Code from your authenticator').value).toBe('492039');
    expect(screen.getAllByRole('textbox')).toHaveLength(1);
  });
});

describe('the step-up dialog', () => {
  const details = { title: 'Stop the key', body: 'It stops.', verb: 'Stop', reasonLabel: 'Reason' };

  it('needs reason and code, and hands both over', async () => {
    const onConfirm = vi.fn<(...given: unknown[]) => void>();
    const user = userEvent.setup();
    render(
      <StepUpDialog
        details={details}
        freshUntil={null}
        busy={false}
        onConfirm={onConfirm}
        onCancel={vi.fn<(...given: unknown[]) => void>()}
      />,
      {
        wrapper: Themed,
      },
    );

    await user.type(await screen.findByLabelText('Code from your authenticator'), '492039');
    expect(screen.getByRole('button', { name: 'Stop' })).toHaveProperty('disabled', true);
    await user.type(screen.getByLabelText('Reason'), ' Seen in a log ');
    await user.click(screen.getByRole('button', { name: 'Stop' }));

    expect(onConfirm.mock.calls).toEqual([[{ code: '492039', reason: 'Seen in a log' }]]);
  });

  it('asks for no code while the second factor is fresh', async () => {
    const onConfirm = vi.fn<(...given: unknown[]) => void>();
    const user = userEvent.setup();
    render(
      <StepUpDialog
        details={{ ...details, reasonLabel: undefined }}
        freshUntil="2026-11-20T14:37:00.000Z"
        busy={false}
        onConfirm={onConfirm}
        onCancel={vi.fn<(...given: unknown[]) => void>()}
      />,
      { wrapper: Themed },
    );

    await user.click(await screen.findByRole('button', { name: 'Stop' }));

    expect(screen.queryByLabelText('Code from your authenticator')).toBeNull();
    expect(onConfirm.mock.calls).toEqual([[{ code: null, reason: '' }]]);
  });

  it('is cancelled by Esc', async () => {
    const onCancel = vi.fn<(...given: unknown[]) => void>();
    const user = userEvent.setup();
    render(
      <StepUpDialog
        details={details}
        freshUntil={null}
        busy={false}
        onConfirm={vi.fn<(...given: unknown[]) => void>()}
        onCancel={onCancel}
      />,
      {
        wrapper: Themed,
      },
    );

    await screen.findByRole('dialog', { name: 'Stop the key' });
    await user.keyboard('{Escape}');

    expect(onCancel).toHaveBeenCalledOnce();
  });
});

describe('the step-up dialog without the phone', () => {
  it('takes a recovery code', async () => {
    const onConfirm = vi.fn<(...given: unknown[]) => void>();
    const user = userEvent.setup();
    render(
      <StepUpDialog
        details={{ title: 'Stop the key', body: 'It stops.', verb: 'Stop' }}
        freshUntil={null}
        busy={false}
        onConfirm={onConfirm}
        onCancel={vi.fn<(...given: unknown[]) => void>()}
      />,
      { wrapper: Themed },
    );

    await user.click(await screen.findByRole('button', { name: 'Use a recovery code' }));
    await user.type(screen.getByLabelText('Recovery code'), 'k7mfp-2xw9q');
    await user.click(screen.getByRole('button', { name: 'Stop' }));

    expect(onConfirm).toHaveBeenCalledWith({ code: 'k7mfp-2xw9q', reason: '' });
  });
});

describe('what is told by colour', () => {
  it('is told by a word too', async () => {
    const { container } = render(
      <main>
        <StatusBadge status="in_doubt" /> <EnvironmentChip name="production" text="v13" />
      </main>,
      { wrapper: Themed },
    );

    expect(container.textContent).toContain('In doubt');
    expect(container.textContent).toContain('v13 in production');
    expect(await breaches(container)).toEqual([]);
  });

  it('reads a strip as a sentence', () => {
    expect(stripLabel(['succeeded', 'succeeded', 'failed', 'skipped'])).toBe(
      '2 of 4 steps succeeded, 1 failed, 1 not taken',
    );
  });
});
