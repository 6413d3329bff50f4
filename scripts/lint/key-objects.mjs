// An HMAC with a Buffer as key costs 22 microseconds, with a KeyObject 4: Node imports a Buffer anew at each call.

/** Position of the key among the arguments. */
const keyed = { createHmac: 1, createCipheriv: 1, createDecipheriv: 1 };

const bytes = /^(Buffer|Uint8Array|string|ArrayBuffer|BinaryLike|CipherKey)$/;

export const keyObjects = {
  create(context) {
    return {
      CallExpression(node) {
        const name = node.callee.type === 'MemberExpression' ? node.callee.property.name : node.callee.name;
        const position = Object.hasOwn(keyed, name ?? '') ? keyed[name] : undefined;
        const key = position === undefined ? undefined : node.arguments[position];
        if (key !== undefined && isBytes(context, key)) {
          context.report({
            node: key,
            message: `${name} takes a KeyObject: make it once with createSecretKey, and drop the bytes`,
          });
        }
      },
    };
  },
};

function isBytes(context, node) {
  if (node.type === 'Literal' || node.type === 'TemplateLiteral' || node.type === 'BinaryExpression') return true;
  if (node.type === 'AwaitExpression') return isBytes(context, node.argument);
  if (node.type === 'NewExpression') return bytes.test(node.callee.name ?? '');
  if (node.type === 'CallExpression') return isBytesCall(node.callee);
  if (node.type !== 'Identifier') return false;
  const definition = definitionOf(context, node);
  if (definition === undefined) return false;
  if (definition.type === 'Variable') return definition.node.init != null && isBytes(context, definition.node.init);
  const annotation = definition.name.typeAnnotation?.typeAnnotation;
  return (
    annotation !== undefined && (annotation.type === 'TSStringKeyword' || bytes.test(annotation.typeName?.name ?? ''))
  );
}

function isBytesCall(callee) {
  if (callee.type === 'Identifier')
    return /^(randomBytes|readFileSync|readFile|scryptSync|hkdfSync|pbkdf2Sync|String)$/.test(callee.name);
  if (callee.type !== 'MemberExpression') return false;
  return (
    callee.object.name === 'Buffer' ||
    /^(digest|toString|encode|export|slice|subarray|concat)$/.test(callee.property.name ?? '')
  );
}

function definitionOf(context, identifier) {
  for (let scope = context.sourceCode.getScope(identifier); scope !== null; scope = scope.upper) {
    const variable = scope.set.get(identifier.name);
    if (variable !== undefined) return variable.defs[0];
  }
  return undefined;
}
