/** A line of a batch. */
export interface LineId {
  readonly batch: string;
  /** Counted from 1. */
  readonly line: number;
}

const LINE_ID = /^([^.]+)\.([1-9]\d{0,8})$/;

/** The id of a line's job. */
export function lineJobId({ batch, line }: LineId): string {
  return `${batch}.${line}`;
}

/** The line that a job is of, by the job's id; undefined for any other job. */
export function parseLineId(job: string): LineId | undefined {
  const [, batch, line] = LINE_ID.exec(job) ?? [];
  return batch === undefined ? undefined : { batch, line: Number(line) };
}
