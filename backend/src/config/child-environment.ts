import type { VariableName } from './variables.js';

/** This process's environment with other settings, for a child process. An empty setting counts as unset. */
export function childEnvironment(settings: Readonly<Partial<Record<VariableName, string>>>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings };
}
