import {
  BadRequestException,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Query,
} from '@nestjs/common';
import { z } from 'zod';

import type { Simulation } from '../exchange/simulation.js';
import type { LedgerEntry } from '../ledger/ledger-entry.js';
import type { LedgerFilter } from '../ledger/ledger.js';
import type { TrafficFigures } from '../ledger/traffic.js';
import { SIMULATION } from './simulation-token.js';

const count = z.coerce.number().int().nonnegative();

const QUERY = z.strictObject({
  model: z.string().optional(),
  attempt: z.string().optional(),
  outcome: z.enum(['completed', 'aborted', 'faulted', 'refused']).optional(),
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  after: count.default(0),
  limit: count.min(1).max(100_000).default(1000),
});

/** What the simulator says it did: the ledger that bills are compared with, and figures. */
@Controller('_simulator')
export class LedgerController {
  constructor(@Inject(SIMULATION) private readonly simulation: Simulation) {}

  /** `from` and `to` are milliseconds since the epoch, of the call's end. `next` is the `after` of the next page. */
  @Get('ledger')
  page(@Query() query: unknown) {
    const { filter, after, limit } = readQuery(query);
    const { ledger } = this.simulation;
    return { ...ledger.read(filter, after, limit), size: ledger.size, dropped: ledger.dropped };
  }

  /** The same page as JSON lines. */
  @Get('ledger.jsonl')
  @Header('content-type', 'application/x-ndjson')
  lines(@Query() query: unknown): string {
    const { filter, after, limit } = readQuery(query);
    const { entries } = this.simulation.ledger.read(filter, after, limit);
    return entries.map((entry: LedgerEntry) => `${JSON.stringify(entry)}\n`).join('');
  }

  /** Forgets the entries and begins the figures anew. */
  @Delete('ledger')
  @HttpCode(204)
  clear(): void {
    this.simulation.ledger.clear();
    for (const model of this.simulation.models.all()) model.traffic.clear();
  }

  @Get('stats')
  figures(): { models: Record<string, TrafficFigures>; ledger: { size: number; dropped: number } } {
    const { ledger, models } = this.simulation;
    const figures = models.all().map((model) => [model.settings.id, model.traffic.figures()] as const);
    return { models: Object.fromEntries(figures), ledger: { size: ledger.size, dropped: ledger.dropped } };
  }
}

function readQuery(query: unknown): { filter: LedgerFilter; after: number; limit: number } {
  const read = QUERY.safeParse(query);
  if (!read.success) throw new BadRequestException(z.prettifyError(read.error));
  const { model, attempt, outcome, from, to, after, limit } = read.data;
  const filter = {
    ...(model !== undefined && { model }),
    ...(attempt !== undefined && { attempt }),
    ...(outcome !== undefined && { outcome }),
    ...(from !== undefined && { fromMs: from }),
    ...(to !== undefined && { toMs: to }),
  };
  return { filter, after, limit };
}
