import type { PlannedStep } from '@sluice/shared/flow';
import type { Json } from '@sluice/shared/lib';
import type { NewAnswer, NewAsk, NewEntry, NewJob, NewPayload, NewRun, ValueKind } from '../journal/records.js';
import type { NoticeCause } from '../journal/notice-cause.js';
import { type KeyedFile, sealFileRow } from './file-row.js';
import { keyOf, type Level } from './level.js';
import type { DoneStep } from './done-steps.js';
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
  /** Steps that were done at once, each right after the one before. */
  private chain: DoneStep[] = [];
  /** Values to keep: JSON of `[kind, step, attempt, value]`. */
  private readonly values: string[] = [];
  private readonly outputs: string[] = [];
  private readonly passed: string[] = [];
  private readonly passes = new PassLog();
  /** Characters of the values gathered so far, and of those that something was computed of. */
  size = 0;

  constructor(
    private readonly run: RunMemory,
    readonly at: number,
  ) {}

  entry(
    action: string,
    of: { step?: string; pass?: string; attempt?: number; detail?: Detail; actor?: NewEntry['actor'] } = {},
  ): void {
    if (this.chain.length > 0) this.closeChain();
    const { id, deployment } = this.run;
    const { actor = { kind: 'run', id }, ...rest } = of;
    const { workspace, environment } = deployment;
    this.entries.push({ workspace, actor, action, environment, run: id, at: this.at, ...rest });
  }

  /** An entry about a step. */
  step(action: string, { level, id }: { level: Level; id: string }, of: { attempt?: number; detail: Detail }): void {
    this.entry(action, { step: id, ...(level.at === '' ? {} : { pass: level.at.slice(1, -1) }), ...of });
  }

  /**
   * A step that was done at once. Such steps of the flow share an entry while nothing else is written between them, in a
   * loop the same step of many passes does: a chain of fifty costs one row, a pass none.
   */
  done(level: Level, { id, step }: PlannedStep, { port, json }: { port: string | null; json: string }): void {
    const detail = { kind: step.kind, port };
    if (level.pass === null) this.chain.push({ step: id, ...detail });
    else this.passes.add(level, { action: 'step.succeeded', step: id, detail });
    this.output(keyOf(level, id), json);
  }

  /** Steps that were passed over. */
  skipped(level: Level, ids: readonly string[]): void {
    if (ids.length === 0) return;
    if (level.pass === null) this.passed.push(...ids);
    else this.passes.add(level, { action: 'step.skipped', detail: { steps: ids } });
  }

  /** A value to keep. Those of a turn travel in one row: one encryption for all of them. */
  payload(kind: ValueKind, json: string, { step, attempt }: { step: string; attempt: number }): void {
    this.size += json.length;
    this.values.push(`["${kind}",${JSON.stringify(step)},${attempt},${json}]`);
  }

  /** A file that the run brought in. */
  file(file: KeyedFile): void {
    const { id: run, payloadKey, keepDays } = this.run;
    this.payloads.push(sealFileRow(payloadKey, file, { run, at: this.at, keepDays }));
  }

  /** What a step that was done at once gave. */
  output(key: string, json: string): void {
    this.size += json.length;
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

  /** Closes what was gathered for several steps, and seals what is kept. */
  finish(): void {
    if (this.passed.length > 0) this.entry('step.skipped', { detail: { steps: this.passed.splice(0) } });
    for (const { action, step, detail } of this.passes.take())
      this.entry(action, { ...(step === undefined ? {} : { step }), detail });
    if (this.chain.length > 0) this.closeChain();
    if (this.outputs.length > 0)
      this.payload('outputs', `{${this.outputs.splice(0).join(',')}}`, { step: '', attempt: 0 });
    if (this.values.length > 0) this.seal();
  }

  private closeChain(): void {
    const chain = this.chain;
    this.chain = [];
    const [first] = chain;
    if (first === undefined) return;
    const { step, ...detail } = first;
    if (chain.length === 1) this.entry('step.succeeded', { step, detail });
    else this.entry('step.succeeded', { detail: { done: chain } });
  }

  private seal(): void {
    const { run, at } = this;
    run.turnRows += 1;
    const place = { run: run.id, step: '', attempt: run.turnRows, kind: 'turn' as const };
    const json = `[${this.values.splice(0).join(',')}]`;
    run.size += json.length;
    this.payloads.push(sealJson(run.payloadKey, json, { ...place, at, keepDays: run.keepDays }));
  }
}
