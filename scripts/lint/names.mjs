import { pathOf } from './imports.mjs';
import { isTest } from './rooms.mjs';

const banned = /^(utils?|helpers?|common|misc|manager|base|types)$/i;
/** The five entry points of shared, a connector's own, and the list of migrations. */
const indexes = /^(shared\/src\/\w+|backend\/src\/connectors\/[^/]+|backend\/src\/migrations)\/index\.ts$/;

/** File names say what is inside, there is one way in per room, and a closed set of words is a union. */
export const names = {
  create(context) {
    const path = pathOf(context);
    const file = path.split('/').at(-1) ?? '';
    return {
      Program(node) {
        if (file.split('.').some((part) => banned.test(part))) {
          context.report({ node, message: `"${file}" says nothing: name the file after what is inside` });
        }
        if (/^index\.tsx?$/.test(file) && /\/src\//.test(path) && !indexes.test(path)) {
          context.report({
            node,
            message: 'import the file itself: only rooms of shared and connectors have an index',
          });
        }
      },
      TSEnumDeclaration(node) {
        context.report({ node, message: 'write a union of string literals instead of an enum' });
      },
      TSAsExpression(node) {
        const isConst = node.typeAnnotation.typeName?.name === 'const';
        if (!isConst && !isTest(path) && !hasReason(context, node)) {
          context.report({
            node,
            message: '"as" hides mistakes: check the value, or say in a comment above why it must be so',
          });
        }
      },
    };
  },
};

/** Four values in a row are mixed up by the reader: one object names them. What a framework calls is excused. */
export const parameters = {
  create(context) {
    function check(node) {
      if (node.params.length <= 3 || isTest(pathOf(context)) || isCalledByFramework(node)) return;
      context.report({ node, message: 'take one object instead of four parameters or more' });
    }
    return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
  },
};

function isCalledByFramework({ params, parent }) {
  const isConstructor = parent.type === 'MethodDefinition' && parent.kind === 'constructor';
  const isMiddleware = params.some((param) => param.name === 'next');
  return isConstructor || isMiddleware || (parent.decorators?.length ?? 0) > 0;
}

/** A comment on the line of the assertion or on the one above it. */
function hasReason(context, node) {
  const line = node.loc.start.line;
  return context.sourceCode.getAllComments().some(({ loc }) => loc.end.line === line || loc.end.line === line - 1);
}
