export function drawScenario(..._: unknown[]): void {}
