import type { ConnectorDescription } from '../connector/describe.js';
import { canonicalJson } from '../lib/canonical-json.js';
import type { Declaration } from './declaration.js';
import { z } from 'zod';

/** What a new version of an imported connector changes, by the names of its actions, hosts and scopes. */
export const declarationChangesSchema = z.object({
  addedActions: z.array(z.string()),
  removedActions: z.array(z.string()),
  /** With what changed of them: `call`, `scopes`, `effect`, `input`, `output`, `classes`. */
  changedActions: z.array(z.object({ action: z.string(), parts: z.array(z.string()) })),
  addedHosts: z.array(z.string()),
  removedHosts: z.array(z.string()),
  addedScopes: z.array(z.string()),
  removedScopes: z.array(z.string()),
  /**
   * Other than that: `address` (with its scheme), `sign-in`, `settings`, `data` (the classes that it may be sent),
   * `scopes` (risk or title of one that was there), `texts`.
   */
  others: z.array(z.string()),
});
export type DeclarationChanges = z.output<typeof declarationChangesSchema>;

export function compareDeclarations(before: Declaration, after: Declaration): DeclarationChanges {
  const [old, now] = [partsOf(before), partsOf(after)];
  const [oldScopes, nowScopes] = [scopesOf(before), scopesOf(after)];
  const [oldActions, nowActions] = [actionsOf(before), actionsOf(after)];
  const [hosts, scopes] = [differ(old.hosts, now.hosts), differ([...oldScopes.keys()], [...nowScopes.keys()])];
  const actions = differ([...oldActions.keys()], [...nowActions.keys()]);
  const changedActions = [...nowActions].flatMap(([action, parts]) => {
    const earlier = oldActions.get(action);
    const changed = earlier === undefined ? [] : changedOf(earlier, parts);
    return changed.length === 0 ? [] : [{ action, parts: changed }];
  });
  const isScopeChanged = [...nowScopes].some(([name, scope]) => {
    const earlier = oldScopes.get(name);
    return earlier !== undefined && text(earlier) !== text(scope);
  });
  return {
    addedActions: actions.added,
    removedActions: actions.removed,
    changedActions,
    addedHosts: hosts.added,
    removedHosts: hosts.removed,
    addedScopes: scopes.added,
    removedScopes: scopes.removed,
    others: [...changedOf(old.others, now.others), ...(isScopeChanged ? ['scopes'] : [])],
  };
}

/** Whether the two are one and the same but for titles and descriptions of actions. */
export function isNothing({ others, ...changes }: DeclarationChanges): boolean {
  return others.length === 0 && Object.values(changes).every((list) => list.length === 0);
}

function partsOf({ description, origin, oauth }: Declaration) {
  const { hosts, auth, credentials, config, receives, title, docs } = description;
  return {
    hosts: hosts === 'connection' ? [origin] : hosts,
    others: {
      address: origin,
      'sign-in': { auth, credentials, oauth, how: description.oauth },
      settings: config,
      data: receives,
      texts: { title, docs, about: description.description },
    },
  };
}

/** By id and what it is called at the service. */
function scopesOf({ description }: Declaration): Map<string, unknown> {
  return new Map(
    Object.entries(description.scopes).map(([id, scope]) => [
      scope.vendor.length === 0 ? id : `${id} (${scope.vendor.join(' ')})`,
      scope,
    ]),
  );
}

function actionsOf({ description, calls }: Declaration): Map<string, Record<string, unknown>> {
  return new Map(description.actions.map((action) => [action.id, actionParts(action, calls[action.id])]));
}

function actionParts(action: ConnectorDescription['actions'][number], call: unknown): Record<string, unknown> {
  const { scopes, effect, input, output, classes, outputClasses } = action;
  return { call, scopes, effect, input, output, classes: { classes, outputClasses } };
}

function changedOf(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(after).filter((part) => text(before[part]) !== text(after[part]));
}

function text(value: unknown): string {
  return canonicalJson(value ?? null);
}

function differ(before: readonly string[], after: readonly string[]): { added: string[]; removed: string[] } {
  const [old, now] = [new Set(before), new Set(after)];
  return { added: after.filter((one) => !old.has(one)), removed: before.filter((one) => !now.has(one)) };
}
