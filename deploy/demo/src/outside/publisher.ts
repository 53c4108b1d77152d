import { jetstream } from '@nats-io/jetstream';
import { connect, headers } from 'nats';

/** A job as a publisher sends it: a subject, a body in the API's own JSON, and headers if there is something to say. */
export interface Publication {
  readonly subject: string;
  /** `Nats-Msg-Id`: the job's id, and what makes a second publish harmless. */
  readonly id: string;
  readonly body: string;
  /** RFC 3339. */
  readonly deadline?: string;
}

/** An outcome as it came to the reply subject. */
export interface HeardOutcome {
  readonly job: string;
  readonly outcome: string;
}

/** Publishes jobs as any program with a NATS client does; nothing here is Penstock's. */
export interface Publisher {
  /** Resolves with what the server acknowledged: stored, or known already. */
  publish(publication: Publication): Promise<'stored' | 'duplicate'>;
  close(): Promise<void>;
}

/** `onOutcome` hears every outcome of what is published. */
export async function openPublisher(
  url: string,
  onOutcome: (heard: HeardOutcome) => void,
): Promise<Publisher> {
  const nc = await connect({ servers: url, name: 'publisher' });
  const js = jetstream(nc);
  const inbox = `_INBOX.publisher.${process.pid}`;
  nc.subscribe(inbox, {
    callback: (_error, message) => {
      if (message.headers?.get('Penstock-Frame') !== 'outcome') return;
      onOutcome({
        job: message.headers.get('Penstock-Job-Id'),
        outcome: message.headers.get('Penstock-Outcome'),
      });
    },
  });
  return {
    async publish({ subject, id, body, deadline }) {
      const h = headers();
      h.set('Penstock-Reply-To', inbox);
      if (deadline !== undefined) h.set('Penstock-Deadline', deadline);
      const ack = await js.publish(subject, body, { msgID: id, headers: h });
      return ack.duplicate ? 'duplicate' : 'stored';
    },
    close: () => nc.drain(),
  };
}
