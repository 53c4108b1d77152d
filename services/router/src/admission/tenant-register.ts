import type { DataPolicy } from '@penstock/scheduling';

/** A tenant as a router has to know it. */
export interface RoutedTenant {
  readonly id: string;
  /** Its share against other tenants of a class. */
  readonly weight: number;
  /** Where its data may go. */
  readonly data?: DataPolicy;
}

/** The tenants of the configuration. */
export class TenantRegister {
  private readonly tenants: ReadonlyMap<string, RoutedTenant>;

  constructor(tenants: readonly RoutedTenant[]) {
    this.tenants = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  }

  has(tenant: string): boolean {
    return this.tenants.has(tenant);
  }

  weight(tenant: string): number {
    return this.tenants.get(tenant)?.weight ?? 1;
  }

  policy(tenant: string): DataPolicy | undefined {
    return this.tenants.get(tenant)?.data;
  }
}
