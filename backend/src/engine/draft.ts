import type { PlannedStep } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import type { NewAnswer, NewAsk, NewEntry, NewJob, NewPayload, NewRun, PayloadKind } from '../journal/records.js';
import type { NoticeCause } from '../journal/notice-cause.js';
import { keyOf, type Level } from './level.js';
import { PassLog } from './pass-log.js';
import { sealJson } from './run-keys.js';
import type { RunMemory } from './run-memory.js';

type Detail = Readonly<Record<string, Json>>;

/** What a turn of a run will write, gathered until it is appended as one record. */
export class Draft {
  readonly entries: NewEntry[] = [];
  readonly payloads: NewPayload[] = [];
  /** Runs that this one begins, with what is stored for them. */
  readonly children: NewRun[] = [];
  readonly jobs: NewJob[] = [];
  readonly asks: NewAsk[] = [];
  readonly answers: NewAnswer[] = [];
  readonly causes: NoticeCause[] = [];
  private readonly outputs: string[] = [];
  private readonly passed: string[] = [];
  private readonly passes = new PassLog();

  constructor(
    private readonly run: RunMemory,
    readonly at: number,
  ) {}

  entry(
    action: string,
    of: { step?: string; pass?: string; attempt?: number; detail?: Detail; actor?: NewEntry['actor'] } = {},
  ): void {
    const { id, deployment } = this.run;
    const { actor = { kind: 'run', id }, ...rest } = of;
    const { workspace, environment } = deployment;
    this.entries.push({ workspace, actor, action, environment, run: id, at: this.at, ...rest });
  }

  /** An entry about a step. */
  step(action: string, { level, id }: { level: Level; id: string }, of: { attempt?: number; detail: Detail }): void {
    this.entry(action, { step: id, ...(level.at === '' ? {} : { pass: level.at.slice(1, -1) }), ...of });
  }

  /** A step that was done at once. In a loop the same step of many passes shares an entry: a pass costs no row. */
  done(level: Level, { id, step }: PlannedStep, { port, json }: { port: string | null; json: string }): void {
    const detail = { kind: step.kind, port };
    if (level.pass === null) this.step('step.succeeded', { level, id }, { detail });
    else this.passes.add(level, { action: 'step.succeeded', step: id, detail });
    this.output(keyOf(level, id), json);
  }

  /** Steps that were passed over. */
  skipped(level: Level, ids: readonly string[]): void {
    if (ids.length === 0) return;
    if (level.pass === null) this.passed.push(...ids);
    else this.passes.add(level, { action: 'step.skipped', detail: { steps: ids } });
  }

  payload(kind: PayloadKind, json: string, of: { step: string; attempt: number }): void {
    const { id: run, payloadKey, keepDays } = this.run;
    this.payloads.push(sealJson(payloadKey, json, { run, kind, ...of, at: this.at, keepDays }));
  }

  /** Outputs of steps that were done at once travel in one row: one encryption for a chain of fifty. */
  output(key: string, json: string): void {
    this.outputs.push(`${JSON.stringify(key)}:${json}`);
  }

  /** Something about the run that people have to hear of: its flow's owner, unless others are named. */
  tell(
    kind: NoticeCause['kind'],
    { step, roles }: { step?: string; roles?: NoticeCause['audience']['roles'] } = {},
  ): void {
    const { id: run, deployment } = this.run;
    const { workspace, environment, flow } = deployment;
    this.causes.push({
      workspace,
      kind,
      about: { kind: 'run', id: run, flow: flow.id, environment, run, ...(step === undefined ? {} : { step }) },
      audience: roles === undefined ? { flow: flow.id } : { roles },
      at: this.at,
    });
  }

  /** Closes what was gathered for several steps. */
  finish(): void {
    if (this.passed.length > 0) this.entry('step.skipped', { detail: { steps: this.passed.splice(0) } });
    for (const { action, step, detail } of this.passes.take())
      this.entry(action, { ...(step === undefined ? {} : { step }), detail });
    if (this.outputs.length === 0) return;
    this.run.outputRows += 1;
    this.payload('outputs', `{${this.outputs.join(',')}}`, { step: '', attempt: this.run.outputRows });
    this.outputs.length = 0;
  }
}
