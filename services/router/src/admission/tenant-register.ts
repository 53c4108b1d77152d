import type { RoutedTenant } from '@penstock/scheduling';

/** A tenant as a router has to know it. */
export interface WeightedTenant extends RoutedTenant {
  /** Its share against other tenants of a class. */
  readonly weight: number;
}

/** The tenants of the configuration. */
export class TenantRegister {
  private readonly tenants: ReadonlyMap<string, WeightedTenant>;

  constructor(tenants: readonly WeightedTenant[]) {
    this.tenants = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  }

  has(tenant: string): boolean {
    return this.tenants.has(tenant);
  }

  /** Whether nothing of the tenant may be kept past a job's outcome. */
  keepsNothing(tenant: string): boolean {
    return this.tenants.get(tenant)?.data?.zeroRetention === true;
  }

  weight(tenant: string): number {
    return this.tenants.get(tenant)?.weight ?? 1;
  }
}
