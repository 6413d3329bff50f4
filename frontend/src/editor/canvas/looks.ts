import { FrameNode } from './FrameNode.js';
import { GroupNode } from './GroupNode.js';
import { NoteNode } from './NoteNode.js';
import { StepNode } from './StepNode.js';
import type { FlowNode } from './to-canvas.js';
import { WireLine } from './WireLine.js';

// Module constants: a new object at each drawing would make React Flow build every node anew.
export const nodeTypes = { step: StepNode, frame: FrameNode, note: NoteNode, stepGroup: GroupNode };
export const edgeTypes = { wire: WireLine };

export const readerWords = {
  'node.a11yDescription.default':
    'Enter opens the step, arrows go to the nearest one, Alt and arrows move it, Delete removes it.',
  'node.a11yDescription.keyboardDisabled':
    'Enter opens the step, arrows go to the nearest one, Alt and arrows move it, Delete removes it.',
  'edge.a11yDescription.default': 'Delete removes the wire.',
  'handle.ariaLabel': 'Port',
  'minimap.ariaLabel': 'Map of the flow',
};

/** The map in state colours. */
export function mapColour(node: FlowNode): string {
  if (node.type === 'note') return 'var(--note-edge)';
  if (node.type === 'stepGroup' && !node.data.isFolded) return 'var(--surface-3)';
  if (node.selected) return 'var(--accent)';
  if (node.type === 'stepGroup') return node.data.problems.length > 0 ? 'var(--failed)' : 'var(--line-strong)';
  const state = node.data.run?.state;
  if (state === 'succeeded') return 'var(--succeeded)';
  if (state === 'failed') return 'var(--failed)';
  if (state === 'running') return 'var(--running)';
  if (state === 'waiting') return 'var(--waiting-fill)';
  if (state === 'in_doubt') return 'var(--in-doubt)';
  if (node.data.problems.length > 0) return 'var(--failed)';
  return node.type === 'frame' ? 'var(--surface-3)' : 'var(--line-strong)';
}
