import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { Journal } from '../../journal/journal.js';
import { RefusalLog } from '../../platform/http/problem.filter.js';
import type { Problem } from '../../platform/problem.js';

/** Refusals of visitors that are logged one by one each minute; a flood beyond it becomes one line with a count. */
const mostPerMinute = 120;

/** A refused request changes nothing and leaves one audit event. */
@Injectable()
export class RefusalsService extends RefusalLog {
  private minute = 0;
  private inMinute = 0;
  private unlogged = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly journal: Journal,
  ) {
    super();
  }

  override async refused(req: Request, problem: Problem): Promise<void> {
    // Who asks too often must not fill the log by it either.
    if ((req.actor === undefined || problem.status === 429) && !this.hasRoom()) return;
    const missed = this.unlogged;
    this.unlogged = 0;
    await this.dataSource.transaction(async (tx) => {
      await this.journal.record(tx, [
        {
          workspace: req.actor?.workspace ?? null,
          actor:
            req.actor === undefined
              ? { kind: 'visitor', id: req.ip ?? 'unknown' }
              : { kind: 'member', id: req.actor.member, name: req.actor.name },
          action: 'request.refused',
          requestId: req.requestId,
          detail: {
            method: req.method,
            path: pathTemplate(req),
            code: problem.code,
            status: problem.status,
            ...(req.actor?.token === undefined ? {} : { token: req.actor.token.id }),
            ...(missed > 0 ? { unloggedBefore: missed } : {}),
          },
        },
      ]);
    });
  }

  /** A stranger must not be able to fill the disk by asking wrong things. */
  private hasRoom(): boolean {
    const minute = Math.floor(performance.now() / 60_000);
    if (minute !== this.minute) {
      this.minute = minute;
      this.inMinute = 0;
    }
    this.inMinute += 1;
    if (this.inMinute <= mostPerMinute) return true;
    this.unlogged += 1;
    return false;
  }
}

/** The route's template where one matched: what the caller typed may hold anything. */
function pathTemplate(req: Request): string {
  const route: unknown = req.route;
  const path = typeof route === 'object' && route !== null && 'path' in route ? route.path : undefined;
  return typeof path === 'string' ? path : '(no route)';
}
