import { describe, it } from 'vitest';
import { type ContractSubject, contractChecks } from './connector-checks.js';

/**
 * Holds a connector and its double to the contract.
 *
 * @example connectorContract({ connector, double: hubspotDouble });
 */
export function connectorContract(subject: ContractSubject): void {
  describe(`${subject.connector.base.id} keeps the connector contract`, () => {
    for (const check of contractChecks(subject)) it(check.name, () => check.run());
  });
}
