import { Entity } from 'typeorm';

import { AttemptColumns } from './attempt-columns.js';

/**
 * One attempt that the provider charges nothing for: refused, failed before it began, or never answered. Kept
 * apart from the ledger, so that a ledger row always means money.
 */
@Entity({ name: 'uncharged_attempt' })
export class UnchargedAttempt extends AttemptColumns {}
