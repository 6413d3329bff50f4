import { posix, relative, sep } from 'node:path';
import { guarded, isTest, roomOf, transactionNames } from './rooms.mjs';

/** Path of a file from the root of the repository, with slashes; compiled files count as their sources. */
export function pathOf(context) {
  return relative(context.cwd, context.filename).split(sep).join('/');
}

/**
 * Why `from` may not import `specifier`, or null when it may.
 * `names` are the imported names (null for all of a module), `isType` tells a type-only import.
 */
export function findBreach({ from, specifier, names, isType }) {
  const room = roomOf(from);
  if (room === undefined || isTest(from)) return null;
  const target = targetOf(from, specifier);
  return target === null
    ? breachOfPackage({ from, room, specifier, names, isType })
    : breachOfRoom({ from, room, target, specifier });
}

/** Path of the imported source file, or null for a package. */
function targetOf(from, specifier) {
  const entry = /^@sluice\/shared\/(\w+)$/.exec(specifier);
  if (entry !== null) return `shared/src/${entry[1]}/index.ts`;
  if (!specifier.startsWith('.')) return null;
  return posix
    .join(posix.dirname(from), specifier)
    .replace(/^(\w+)\/dist\//, '$1/src/')
    .replace(/\.js$/, '.ts');
}

function breachOfRoom({ from, room, target, specifier }) {
  const other = roomOf(target);
  if (other === undefined)
    return /\.(css|svg|json)$/.test(target) ? null : `${specifier} is in no room: add it to scripts/lint/rooms.mjs`;
  if (workspaceOf(from) !== workspaceOf(target) && specifier.startsWith('.') && workspaceOf(target) === 'shared') {
    return `import ${other.name} as @sluice/${other.name}`;
  }
  const isVisible = other.folder === undefined || other.isOpenToOthers === true || other.folder === room.folder;
  if (isVisible && (other.name === room.name || room.imports.includes(other.name))) return null;
  return `${room.name} may not import ${other.name}${isVisible ? '' : ' of another folder'}`;
}

function workspaceOf(path) {
  return path.split('/')[0];
}

function breachOfPackage({ from, room, specifier, names, isType }) {
  const guard = guarded.find(({ packages }) => packages.test(specifier));
  const isHarmless = names?.length > 0 && names.every((name) => guard?.names?.includes(name));
  if (guard !== undefined && !isType && !isHarmless && !guard.files.some((pattern) => pattern.test(from))) {
    return `${specifier} may not be imported here: ${guard.reason}`;
  }
  if (
    specifier === 'typeorm' &&
    from.endsWith('.service.ts') &&
    !names?.every((name) => transactionNames.includes(name))
  ) {
    return `a service takes only ${transactionNames.join(' and ')} from typeorm: queries belong in the repository`;
  }
  const isBuiltIn = specifier.startsWith('node:');
  const isAllowed =
    room.packages.includes('*') ||
    room.packages.includes(specifier) ||
    (isBuiltIn && guard?.files.some((pattern) => pattern.test(from)));
  return isAllowed ? null : `${room.name} may not import ${specifier}: it may import ${room.packages.join(', ')}`;
}

export const imports = {
  create(context) {
    const from = pathOf(context);
    function check(node, source, { names, isType }) {
      if (typeof source?.value !== 'string') return;
      const breach = findBreach({ from, specifier: source.value, names, isType });
      if (breach !== null) context.report({ node, message: breach });
    }
    return {
      Program(node) {
        if (/^(shared|backend|frontend)\/src\//.test(from) && roomOf(from) === undefined && !isTest(from)) {
          context.report({ node, message: `${from} is in no room: add it to scripts/lint/rooms.mjs` });
        }
      },
      ImportDeclaration(node) {
        const names = node.specifiers.map((part) => (part.type === 'ImportSpecifier' ? part.imported.name : '*'));
        const isType =
          node.importKind === 'type' ||
          (node.specifiers.length > 0 && node.specifiers.every((part) => part.importKind === 'type'));
        check(node, node.source, { names, isType });
      },
      ImportExpression: (node) => check(node, node.source, { names: null, isType: false }),
      ExportAllDeclaration: (node) => check(node, node.source, { names: null, isType: node.exportKind === 'type' }),
      ExportNamedDeclaration: (node) => check(node, node.source, { names: null, isType: node.exportKind === 'type' }),
    };
  },
};
