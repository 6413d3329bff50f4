// What a new connector begins as, and how the lists name it. Text in, text out.

/** @param {string} text @param {string} id */
export function addToRegistry(text, id) {
  const name = camel(id);
  const line = `import { connector as ${name} } from './${id}/index.js';`;
  return addEntry(addImport(text, line, './'), 'Object.assign(Object.create(null), {\n', entry(id, name));
}

/** @param {string} text @param {string} id */
export function addToSubjects(text, id) {
  const name = `${camel(id)}Double`;
  const line = `import { ${name} } from '../src/connectors/${id}/double.js';`;
  return addEntry(addImport(text, line, '../src/connectors/'), '> = {\n', `  ${key(id)}: { double: ${name} },`);
}

function entry(id, name) {
  return id === name ? `  ${id},` : `  '${id}': ${name},`;
}

function key(id) {
  return id.includes('-') ? `'${id}'` : id;
}

function camel(id) {
  return id.replaceAll(/-(.)/g, (_, letter) => letter.toUpperCase());
}

/** Imports stay in the order of their paths. */
function addImport(text, line, prefix) {
  const path = (one) => one.split("'")[1];
  const lines = text.split('\n');
  const held = lines.filter((one) => one.startsWith('import ') && path(one).startsWith(prefix));
  const after = held.findLast((one) => path(one) < path(line));
  lines.splice(after === undefined ? lines.indexOf(held[0]) : lines.indexOf(after) + 1, 0, line);
  return lines.join('\n');
}

function addEntry(text, opening, line) {
  const at = text.indexOf(opening) + opening.length;
  const end = text.indexOf('\n}', at);
  const lines = [...text.slice(at, end).split('\n'), line];
  return `${text.slice(0, at)}${lines.join('\n')}${text.slice(end)}`;
}

/** @param {string} id */
export function filesOf(id) {
  const name = camel(id);
  const title = id.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
  const host = `api.${id}.example`;
  return {
    'connector.ts': `import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

export const ${name} = declareConnector({
  id: '${id}',
  title: '${title}',
  description: 'Makes items.',
  icon: { name: 'plug', color: '#3B5BDB' },
  category: 'plumbing',
  docs: 'https://${host}/reference',
  setup: ['Make a token that may write items and no more.'],
  auth: ['bearer'],
  credentials: { bearer: { title: 'Token' } },
  config: z.strictObject({}),
  hosts: ['${host}'],
  origin: 'https://${host}',
  errors: { said: ['message'] },
  scopes: { 'items.write': { title: 'Make items', risk: 'write', vendor: ['items:write'] } },
});
`,
    'index.ts': `import { field } from '@sluice/shared/connector';
import { z } from 'zod';
import { ${name} } from './connector.js';

export const connector = ${name}.build({
  actions: {
    'items.create': ${name}.call('POST /v1/items', {
      title: 'Make an item',
      description: 'A repeat with the same key gives the first item again.',
      scopes: ['items.write'],
      effect: { class: 'keyed', header: 'Idempotency-Key' },
      input: z.strictObject({ name: field.text('Name') }),
      classes: { name: 'internal' },
      output: z.object({ id: z.string() }),
      outputClasses: { id: 'internal' },
      sample: { input: { name: 'First' }, output: { id: 'item_1' } },
    }),
  },
  triggers: {},
});
`,
    'double.ts': `import { reply, type ServiceDouble, standIn } from '@sluice/shared/connector';

/** Items count from 1. */
export function ${name}Double(): ServiceDouble {
  let items = 0;
  return standIn({
    host: '${host}',
    credential: (n) => ({ kind: 'bearer', token: \`double-token-\${String(n).padStart(12, '0')}\` }),
    problem: (what) => ({ message: what }),
    key: { header: 'idempotency-key' },
    routes: {
      'POST /v1/items': {
        scope: 'items:write',
        answer({ json, effect }) {
          if (typeof json.name !== 'string') return reply(400, { message: 'name is missing' });
          items += 1;
          effect(\`made item \${items}: \${json.name}\`);
          return reply(201, { id: \`item_\${items}\` });
        },
      },
    },
  });
}
`,
    [`${id}.spec.ts`]: `import { expect, it } from 'vitest';
import { doubleNet } from '../../../test/double-net.js';
import { ${name}Double } from './double.js';
import { connector } from './index.js';

// What every connector owes is in contract.spec.ts; here belongs what is special about this one.
it('says in the service’s own words why an item was refused', async () => {
  const double = ${name}Double();
  const net = doubleNet({ double, hosts: [double.host], auth: double.grant(['items:write']) });
  const step = { config: {}, net, idempotencyKey: 'key-1', signal: new AbortController().signal };
  await expect(connector.actions['items.create']?.run(step, {})).rejects.toThrow('name is missing');
});
`,
    'README.md': `# ${title}

Makes items, at \`${host}\`.

| action         | call             | scope         | vendor scope  | repeats |
| -------------- | ---------------- | ------------- | ------------- | ------- |
| \`items.create\` | \`POST /v1/items\` | \`items.write\` | \`items:write\` | keyed   |

**Credential.** A token.

**Stand-in** (\`double.ts\`): items count from 1.

**Checked against** nothing yet: name the vendor's pages, and what could not be checked.
`,
  };
}
