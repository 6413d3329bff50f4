import { type CSSVariablesResolver, createTheme, Input, Modal, Tooltip } from '@mantine/core';
import { colours } from './tokens.js';

const heights: Record<string, string> = { xs: '22px', sm: '26px', md: '32px', lg: '40px', xl: '46px' };
const paddings: Record<string, string> = { xs: '8px', sm: '9px', md: '12px', lg: '16px', xl: '18px' };

export const theme = createTheme({
  primaryColor: 'sluice',
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  colors: {
    sluice: [
      '#E2F2F5',
      '#C4E5EB',
      '#93CBD7',
      '#7DD4E5',
      '#56C2D8',
      '#2FA3BB',
      '#16869C',
      '#0B6B80',
      '#08566A',
      '#064354',
    ],
    danger: [
      '#FDEBEB',
      '#FBD5D6',
      '#F8B9BB',
      '#FF9D9D',
      '#FF8585',
      '#E25A62',
      '#D03A44',
      '#BE2530',
      '#9E1C26',
      '#7E161E',
    ],
    dark: [
      '#E7EDF0',
      '#AAB8C0',
      '#8B9CA6',
      '#647884',
      '#3A4B55',
      '#223039',
      '#18232A',
      '#121B20',
      '#0B1216',
      '#070C0F',
    ],
  },
  white: '#FFFFFF',
  black: '#0F1B22',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '11.5px', sm: '12.5px', md: '13px', lg: '15px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '18px', md: '20px', lg: '22px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '4px', sm: '6px', md: '7px', lg: '10px', xl: '14px' },
  defaultRadius: 'md',
  headings: {
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    fontWeight: '640',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '15px', lineHeight: '22px', fontWeight: '620' },
      h3: { fontSize: '13px', lineHeight: '20px', fontWeight: '600' },
    },
  },
  shadows: { sm: 'var(--sh1)', md: 'var(--sh2)', lg: 'var(--sh3)', xl: 'var(--sh3)' },
  respectReducedMotion: true,
  components: {
    Button: {
      defaultProps: { size: 'md' },
      vars: (_theme: unknown, props: { size?: string; variant?: string }) => {
        const size = props.size ?? 'md';
        const isFilled = props.variant === undefined || props.variant === 'filled';
        return {
          root: {
            '--button-height': heights[size] ?? heights.md,
            '--button-padding-x': paddings[size] ?? paddings.md,
            ...(isFilled && { '--button-color': 'var(--on-accent)' }),
            '--button-fz': size === 'xl' ? '15px' : size === 'xs' || size === 'sm' ? '12.5px' : '13px',
          },
        };
      },
    },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    Input: Input.extend({ vars: () => ({ wrapper: { '--input-height': '32px', '--input-fz': '13px' } }) }),
    Modal: Modal.extend({
      defaultProps: { radius: 14, centered: true, size: 476, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Menu: { defaultProps: { shadow: 'lg', radius: 10, withInitialFocusPlaceholder: false } },
    Select: { defaultProps: { allowDeselect: false, withCheckIcon: false } },
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 300, radius: 6, events: { hover: true, focus: true, touch: false } },
    }),
  },
});

function variables(shade: 0 | 1): Record<string, string> {
  const roles = Object.fromEntries(Object.entries(colours).map(([role, pair]) => [`--${role}`, pair[shade]]));
  return {
    ...roles,
    '--mantine-color-body': 'var(--bg)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-3)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-error': 'var(--failed)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--surface-3)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-disabled': 'var(--surface-3)',
    '--mantine-color-disabled-color': 'var(--ink-3)',
    '--mantine-color-disabled-border': 'var(--surface-3)',
    '--tile-mix': shade === 0 ? '10%' : '32%',
    '--sh1': `0 1px 2px ${shade === 0 ? 'rgb(15 27 34 / 6%)' : 'rgb(0 0 0 / 24%)'}`,
    '--sh2': `var(--sh1), 0 4px 12px ${shade === 0 ? 'rgb(15 27 34 / 7%)' : 'rgb(0 0 0 / 28%)'}`,
    '--sh3': `0 18px 48px ${shade === 0 ? 'rgb(15 27 34 / 18%)' : 'rgb(0 0 0 / 52%)'}`,
  };
}

/** The only place where a colour role becomes a CSS variable, and where Mantine's own variables get theirs. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: variables(0),
  dark: variables(1),
});
