import { pathOf } from './imports.mjs';
import { isTest } from './rooms.mjs';

// What makes a program's answer depend on more than its input is read in one place each, and injected from there.

const product = /^(shared|backend)\/src\/(?!demo\/)/;

const globals = [
  {
    name: 'fetch, sockets',
    identifiers: ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'],
    files: /^(shared|backend|frontend)\/src\//,
    allowed: [/^backend\/src\/demo\//, /^frontend\/src\/api\//],
    advice: 'goes out through the broker (in the browser: through frontend/src/api)',
  },
  {
    name: 'host of shared',
    identifiers: [
      'process',
      'Buffer',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'performance',
      'window',
      'document',
    ],
    files: /^shared\/src\//,
    allowed: [],
    advice: 'is not there in every place that shared runs in: take it as an argument',
  },
  {
    name: 'timers',
    identifiers: ['setTimeout', 'setInterval', 'setImmediate'],
    files: /^backend\/src\/engine\//,
    allowed: [],
    advice: 'would run past the simulation: inject Timers',
  },
];

const members = [
  {
    pattern: /^process\.env$/,
    files: /^(shared|backend|frontend)\/src\//,
    allowed: [/^backend\/src\/config\//],
    advice: 'is read in backend/src/config only: add the variable there and take it from Config',
  },
  {
    pattern: /^(Date\.now|performance\.timeOrigin)$/,
    files: product,
    allowed: [/^backend\/src\/platform\/(clock|ids)\.ts$/],
    advice: 'is read in platform/clock.ts only: inject Clock',
  },
  {
    pattern: /^(Math\.random|crypto\.(randomUUID|getRandomValues))$/,
    files: product,
    allowed: [/^backend\/src\/platform\/(clock|ids)\.ts$/],
    advice: 'is used in platform/ids.ts only: inject newId',
  },
];

export const sources = {
  create(context) {
    const path = pathOf(context);
    if (isTest(path)) return {};
    const applies = ({ files, allowed }) => files.test(path) && !allowed.some((pattern) => pattern.test(path));
    const watchedGlobals = globals.filter(applies);
    const watchedMembers = members.filter(applies);
    const clock = members[1];
    return {
      MemberExpression(node) {
        if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier' || node.computed) return;
        const text = `${node.object.name}.${node.property.name}`;
        const rule = watchedMembers.find(({ pattern }) => pattern.test(text));
        if (rule !== undefined && isGlobal(context, node.object))
          context.report({ node, message: `${text} ${rule.advice}` });
      },
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0 && applies(clock)) {
          context.report({ node, message: `new Date() ${clock.advice}` });
        }
      },
      ImportDeclaration(node) {
        const names = node.specifiers.map((part) => part.imported?.name);
        if (
          /^(node:)?process$/.test(node.source.value) &&
          watchedMembers.includes(members[0]) &&
          names.includes('env')
        ) {
          context.report({ node, message: `process.env ${members[0].advice}` });
        }
        if (
          /^(node:)?crypto$/.test(node.source.value) &&
          watchedMembers.includes(members[2]) &&
          names.includes('randomUUID')
        ) {
          context.report({ node, message: `randomUUID ${members[2].advice}` });
        }
      },
      'Program:exit'(program) {
        for (const identifier of globalsUsed(context.sourceCode.getScope(program))) {
          const rule = watchedGlobals.find(({ identifiers }) => identifiers.includes(identifier.name));
          if (rule !== undefined && isValue(identifier))
            context.report({ node: identifier, message: `${identifier.name} ${rule.advice}` });
        }
      },
    };
  },
};

/** Names that the file does not declare: known globals are variables without a definition, the others go through. */
function globalsUsed(scope) {
  const known = scope.variables.filter(({ defs }) => defs.length === 0).flatMap(({ references }) => references);
  return new Set([...known, ...scope.through].map(({ identifier }) => identifier));
}

function isGlobal(context, identifier) {
  for (let scope = context.sourceCode.getScope(identifier); scope !== null; scope = scope.upper) {
    const variable = scope.set.get(identifier.name);
    if (variable !== undefined) return variable.defs.length === 0;
  }
  return true;
}

/** A name that stands for a type only needs nothing at run time. */
function isValue(identifier) {
  return !/^TS(TypeReference|QualifiedName|TypeQuery)$/.test(identifier.parent?.type ?? '');
}
