import type { Deployment } from '@penstock/contracts';

import { ledgerPrice, type LedgerPrice } from './ledger-price.js';

/** The prices of all deployments, as the configuration has them. */
export class PriceList {
  readonly #prices: ReadonlyMap<string, LedgerPrice>;

  constructor(deployments: readonly Pick<Deployment, 'id' | 'price'>[]) {
    this.#prices = new Map(deployments.map(({ id, price }) => [id, ledgerPrice(price)]));
  }

  /** Undefined for a deployment that the configuration does not know. */
  readonly priceOf = (deployment: string): LedgerPrice | undefined => this.#prices.get(deployment);
}
