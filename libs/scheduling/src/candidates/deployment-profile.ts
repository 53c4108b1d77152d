import type { Deployment } from '@penstock/contracts';
import type { Quantization } from '../preferences/routing-preferences.js';

/** What a deployment can do and under which terms: what constraints are held against. */
export interface DeploymentProfile extends Deployment {
  /** An absent capability is taken to be there. */
  readonly capabilities?: {
    readonly tools?: boolean;
    readonly vision?: boolean;
    readonly jsonSchema?: boolean;
    /** Request parameters it supports; absent means all. */
    readonly parameters?: readonly string[];
  };
  /** Input and output together. Absent means not known, and not checked. */
  readonly contextTokens?: number;
  readonly region?: string;
  /** Absent means `unknown`. */
  readonly quantization?: Quantization;
  /** Terms that are not stated are taken not to hold: a promise nobody made is none. */
  readonly terms?: {
    readonly keepsNothing?: boolean;
    readonly doesNotTrain?: boolean;
    readonly outputMayTrain?: boolean;
  };
  /** US dollars per request and per image, on top of the price of tokens. Default 0. */
  readonly surcharge?: { readonly request?: number; readonly image?: number };
  /** For the strategy `weighted`. Default 1. */
  readonly weight?: number;
}

/** Whether a name in `order`, `only` or `ignore` means this deployment: its provider's, its id, or the start of it. */
export function isNamed(deployment: Pick<Deployment, 'id' | 'provider'>, name: string): boolean {
  return deployment.provider === name || deployment.id === name || deployment.id.startsWith(`${name}/`);
}
