import type { MigrationInterface } from 'typeorm';

import { CreateLedger1795370000000 } from './1795370000000-create-ledger.js';
import { CreateBatches1795370100000 } from './1795370100000-create-batches.js';
import { LabelLedger1795370200000 } from './1795370200000-label-ledger.js';
import { NoteCheckedFiles1795370300000 } from './1795370300000-note-checked-files.js';

/** Every migration there is. TypeORM orders them by the number at the end of the class's name. */
export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  CreateLedger1795370000000,
  CreateBatches1795370100000,
  LabelLedger1795370200000,
  NoteCheckedFiles1795370300000,
];
