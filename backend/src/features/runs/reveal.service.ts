import { Injectable } from '@nestjs/common';
import type { Reply, RunStep, runsApi } from '@sluice/shared/api';
import { everyStep, isContainer } from '@sluice/shared/flow';
import { DataSource } from 'typeorm';
import { partsOf } from '../../engine/step-key.js';
import { Journal } from '../../journal/journal.js';
import { type Actor, assertMay } from '../../platform/actor.js';
import { Clock } from '../../platform/clock.js';
import { Problem } from '../../platform/problem.js';
import { memberEntry } from '../member-entry.js';
import { tellSteps } from './run-steps.js';
import { type OpenedRun, RunsService } from './runs.service.js';

/** How long a revealed value may stand on a screen. */
const shownMs = 60_000;

/** One value behind its stand-in. The log knows who saw it, and why, before anybody sees it. */
@Injectable()
export class RevealService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly runs: RunsService,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  async reveal(
    actor: Actor,
    id: string,
    { stepId, field, reason }: { stepId: string; field: string; reason: string },
  ): Promise<Reply<typeof runsApi.reveal>> {
    const opened = await this.runs.open(actor.workspace, id);
    assertMay(actor, 'runs.reveal', opened.run.environment);
    const step = findStep(opened, stepId);
    const found = step === null ? null : opened.mask.find(step, field);
    if (found === null) throw new Problem('run.field_unknown');
    const until = new Date(this.clock.now() + shownMs).toISOString();
    const entry = memberEntry(actor, 'run.field_revealed', {
      subject: { kind: 'run', id },
      environment: opened.run.environment,
      detail: { step: stepId, field, class: found.class, reason, until },
    });
    try {
      await this.dataSource.transaction((tx) => this.journal.record(tx, [{ ...entry, run: id }]));
    } catch (cause) {
      throw new Problem('audit.unwritable', { cause });
    }
    return { ...found, until };
  }
}

/** With its values as they are; null where the run has none of that key. */
function findStep({ document, log, payloads }: OpenedRun, key: string): RunStep | null {
  const { step: id, at } = partsOf(key);
  const container = [...everyStep(document)]
    .filter(isContainer)
    .find(({ steps }) => steps.some((one) => one.id === id));
  const scene =
    at === '' ? { graph: document, at, inside: null } : container && { graph: container, at, inside: container.id };
  const steps = scene === undefined ? [] : tellSteps(scene, log, payloads);
  return steps.find((step) => step.key === key) ?? null;
}
