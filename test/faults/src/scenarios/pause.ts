/** For how long a fault lasts: part of what it is, and nothing is waited for meanwhile. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
