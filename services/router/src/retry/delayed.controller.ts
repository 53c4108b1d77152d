import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { isPriorityClass, STREAM, SUBJECT, type Lane } from '@penstock/contracts';
import { decodeJob, storeInLane, type Connection, type StreamMessage } from '@penstock/messaging';
import { CONNECTION } from '../router.tokens.js';

/** Moves jobs that have waited long enough from DELAYED back to their lanes. */
@Controller()
export class DelayedController {
  constructor(@Inject(CONNECTION) private readonly connection: Connection) {}

  @EventPattern(SUBJECT.allDelayedDue, { stream: STREAM.delayed })
  async moveDue(@Payload() messages: readonly StreamMessage[]): Promise<void> {
    await Promise.all(messages.map((message) => this.move(message)));
  }

  private async move({ subject, headers, data }: StreamMessage): Promise<void> {
    const lane = laneOf(subject);
    if (!lane || !headers) return;
    const job = decodeJob(lane, headers);
    // Not the job's own id: that one may still lie in the duplicate window from its first publish.
    const messageId = `${job.id}~${job.attempts.length}`;
    const publication = await storeInLane(this.connection, job, data, messageId);
    if (publication.kind !== 'stored' && publication.kind !== 'duplicate') {
      throw new Error(`job ${job.id} could not be moved back to its lane: ${publication.kind}`);
    }
  }
}

function laneOf(subject: string): Lane | undefined {
  const [, , priorityClass, tenant] = subject.split('.');
  return isPriorityClass(priorityClass) && tenant ? { class: priorityClass, tenant } : undefined;
}
