import { ClassTag } from '../../ui/ClassTag.js';
import { Code } from '../../ui/Code.js';
import { fieldClass } from './field-name.js';
import type { Change } from './request.js';

function classOf(change: Change) {
  return change.kind === 'field' ? fieldClass(change.value) : undefined;
}

/** The title without the class of a field, which its tag tells. */
export function changeTitle(change: Change): string {
  return change.title.replace(` (${classOf(change)})`, '');
}

/** What stands behind the title: of a field that is sent its class; nothing where the title names it; else the value itself. */
export function ChangeValue({ change }: { change: Change }) {
  const name = classOf(change);
  if (change.kind === 'reply' || change.title.endsWith(change.value)) return null;
  return name ? <ClassTag name={name} /> : <Code>{change.value}</Code>;
}
