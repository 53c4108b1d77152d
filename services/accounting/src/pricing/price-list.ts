import type { Deployment } from '@penstock/contracts';

import { ledgerPrice, type LedgerPrice } from './ledger-price.js';

/** The prices of all deployments, as the configuration has them. */
export class PriceList {
  #prices: ReadonlyMap<string, LedgerPrice>;

  constructor(deployments: readonly Pick<Deployment, 'id' | 'price'>[]) {
    this.#prices = toPrices(deployments);
  }

  /** Takes over a changed configuration. What is recorded already keeps the price it was made with. */
  replace(deployments: readonly Pick<Deployment, 'id' | 'price'>[]): void {
    this.#prices = toPrices(deployments);
  }

  /** Undefined for a deployment that the configuration does not know. */
  readonly priceOf = (deployment: string): LedgerPrice | undefined => this.#prices.get(deployment);
}

function toPrices(
  deployments: readonly Pick<Deployment, 'id' | 'price'>[],
): ReadonlyMap<string, LedgerPrice> {
  return new Map(deployments.map(({ id, price }) => [id, ledgerPrice(price)]));
}
