import { imports } from './imports.mjs';
import { keyObjects } from './key-objects.mjs';
import { names, parameters } from './names.mjs';
import { sources } from './sources.mjs';

/** House rules that oxlint does not have. Each is proved to bite in backend/test/import-rules.spec.ts. */
const plugin = {
  meta: { name: 'sluice' },
  rules: { imports, sources, 'key-objects': keyObjects, names, parameters },
};

export default plugin;
