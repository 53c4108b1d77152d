/** How long and how much each row measures. */
export interface Scale {
  readonly warmUpSeconds: number;
  readonly syncSeconds: number;
  readonly latencySeconds: number;
  readonly streamSeconds: number;
  readonly enqueueSeconds: number;
  readonly settleSeconds: number;
  readonly loadedSeconds: number;
  readonly drainJobs: number;
  readonly batchLines: number;
  readonly backlogs: readonly number[];
  readonly lanes: readonly number[];
  /** Jobs that wait while lanes are measured, over all of them. */
  readonly laneBacklog: number;
  readonly backlogSeconds: number;
  readonly soakMinutes: number;
}

/** What the page is written from. */
export const FULL: Scale = {
  warmUpSeconds: 3,
  syncSeconds: 3,
  latencySeconds: 1.5,
  streamSeconds: 2,
  enqueueSeconds: 2,
  settleSeconds: 6,
  loadedSeconds: 10,
  drainJobs: 10_000,
  batchLines: 10_000,
  backlogs: [1_000, 10_000, 100_000],
  lanes: [1, 10, 100, 1_000, 10_000],
  laneBacklog: 20_000,
  backlogSeconds: 5,
  soakMinutes: 60,
};

/** To see that everything runs. */
export const QUICK: Scale = {
  warmUpSeconds: 0.5,
  syncSeconds: 0.5,
  latencySeconds: 0.5,
  streamSeconds: 0.5,
  enqueueSeconds: 0.5,
  settleSeconds: 1,
  loadedSeconds: 1,
  drainJobs: 500,
  batchLines: 500,
  backlogs: [200, 1_000],
  lanes: [1, 20],
  laneBacklog: 500,
  backlogSeconds: 1,
  soakMinutes: 1,
};

export const MILLION = 1_000_000;
