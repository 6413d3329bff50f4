import type { Json } from '@sluice/shared/lib';
import type { NewEntry, NewPayload, PayloadKind } from '../journal/records.js';
import type { RunMemory } from './run-memory.js';
import { sealJson } from './run-keys.js';

/** What a turn of a run will write, gathered until it is appended as one record. */
export class Draft {
  readonly entries: NewEntry[] = [];
  readonly payloads: NewPayload[] = [];
  private readonly outputs: string[] = [];

  constructor(
    private readonly run: RunMemory,
    readonly at: number,
  ) {}

  entry(
    action: string,
    of: { step?: string; attempt?: number; detail?: Readonly<Record<string, Json>>; actor?: NewEntry['actor'] },
  ): void {
    const { id, deployment } = this.run;
    const { actor = { kind: 'run', id }, ...rest } = of;
    this.entries.push({
      workspace: deployment.workspace,
      actor,
      action,
      environment: deployment.environment,
      run: id,
      at: this.at,
      ...rest,
    });
  }

  payload(kind: PayloadKind, json: string, of: { step: string; attempt: number }): void {
    const { id: run, payloadKey, keepDays } = this.run;
    this.payloads.push(sealJson(payloadKey, json, { run, kind, ...of, at: this.at, keepDays }));
  }

  /** Outputs of pure steps travel in one row: one encryption for a chain of fifty. */
  pureOutput(step: string, json: string): void {
    this.outputs.push(`${JSON.stringify(step)}:${json}`);
  }

  /** Closes the row of pure outputs. Its number grows with each, since each settles a step. */
  finish(): void {
    if (this.outputs.length === 0) return;
    const { state, deployment } = this.run;
    this.payload('outputs', `{${this.outputs.join(',')}}`, {
      step: '',
      attempt: deployment.plan.steps.length - state.unsettled,
    });
    this.outputs.length = 0;
  }
}
