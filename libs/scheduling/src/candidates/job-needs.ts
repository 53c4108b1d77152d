/** What a job asks of a deployment, apart from what its caller prefers. */
export interface JobNeeds {
  readonly inputTokens: number;
  /** The most that the answer may take. */
  readonly outputTokens: number;
  readonly tools?: boolean;
  readonly vision?: boolean;
  readonly jsonSchema?: boolean;
  /** The parameters that the request sets. */
  readonly parameters?: readonly string[];
  /** Its conversation is made to fit wherever it runs. */
  readonly trims?: true;
}

/** A tenant, as far as its data may not go everywhere. */
export interface RoutedTenant {
  readonly id: string;
  readonly data?: DataPolicy;
}

/** What each tenant's configuration demands. */
export function policyOf(tenants: readonly RoutedTenant[]): (tenant: string) => DataPolicy | undefined {
  const policies = new Map(tenants.flatMap(({ id, data }) => (data ? [[id, data] as const] : [])));
  return (tenant) => policies.get(tenant);
}

/** What the tenant's configuration demands of every deployment its data goes to. The caller cannot lift it. */
export interface DataPolicy {
  /** Regions its data may go to; absent means any. */
  readonly regions?: readonly string[];
  /** Only deployments that keep nothing. */
  readonly zeroRetention?: boolean;
  /** Only deployments that do not train on it. */
  readonly noTraining?: boolean;
}
