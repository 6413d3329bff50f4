/**
 * Every colour by its role, as [light, dark]. `theme.ts` sets each as the CSS variable `--<role>`;
 * components name the role and never a hex.
 */
export const colours = {
  bg: ['#F5F7F8', '#0B1216'],
  surface: ['#FFFFFF', '#121B20'],
  'surface-2': ['#F1F4F6', '#18232A'],
  'surface-3': ['#E6ECEF', '#223039'],
  line: ['#DEE5E9', '#24313A'],
  'line-strong': ['#C3CED5', '#3A4B55'],
  field: ['#7C8E99', '#647884'],
  ink: ['#0F1B22', '#E7EDF0'],
  'ink-2': ['#41525D', '#AAB8C0'],
  'ink-3': ['#5A6C77', '#8B9CA6'],
  accent: ['#0B6B80', '#56C2D8'],
  'accent-strong': ['#08566A', '#7DD4E5'],
  'accent-tint': ['#E2F2F5', '#10313A'],
  'accent-line': ['#93CBD7', '#2C6472'],
  'on-accent': ['#FFFFFF', '#05222A'],
  mark: ['#0B6B80', '#0E7A92'],
  scrim: ['rgb(15 27 34 / 42%)', 'rgb(3 8 11 / 62%)'],
  'canvas-dot': ['#D3DBE0', '#22303A'],
  'note-fill': ['#FFF8DF', '#2A2613'],
  'note-edge': ['#EBDDA8', '#4B4320'],
  'note-ink': ['#4D431D', '#E5DAB0'],

  running: ['#1A5FD0', '#78AEFF'],
  'running-tint': ['#E7EFFD', '#14284A'],
  succeeded: ['#14703F', '#5DCB91'],
  'succeeded-tint': ['#E2F4E9', '#0F2F20'],
  failed: ['#BE2530', '#FF8585'],
  'failed-tint': ['#FDEBEB', '#3A1719'],
  waiting: ['#8A4F00', '#F0B94C'],
  'waiting-tint': ['#FFF1D6', '#33260B'],
  'waiting-fill': ['#C67C00', '#D98A00'],
  'in-doubt': ['#962680', '#E890D6'],
  'in-doubt-tint': ['#FBE8F6', '#371731'],

  'env-dev': ['#4F6475', '#9DB0BE'],
  'env-staging': ['#5F43C4', '#B5A4FF'],
  'env-staging-tint': ['#EEEAFD', '#262047'],
  'env-production': ['#FFFFFF', '#0B1216'],
  'env-production-fill': ['#12202B', '#E7EDF0'],
  'env-other': ['#7F5100', '#E7BA62'],
  'env-other-tint': ['#FAEFD6', '#31260C'],

  'class-personal': ['#3848B4', '#AAB4FF'],
  'class-personal-tint': ['#EBEDFC', '#1E2551'],
  'class-payment': ['#7F5100', '#E7BA62'],
  'class-payment-tint': ['#FAEFD6', '#31260C'],
  'class-health': ['#AA1D54', '#FF93B5'],
  'class-health-tint': ['#FCE7EE', '#3A1627'],

  'tile-accent': ['#0B6B80', '#56C2D8'],
  'tile-ember': ['#C4432B', '#FF9B85'],
  'tile-iris': ['#5546C8', '#AAA0FF'],
  'tile-amber': ['#8A4F00', '#F0B94C'],
  'tile-slate': ['#41525D', '#AAB8C0'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export type ColourRole = keyof typeof colours;
