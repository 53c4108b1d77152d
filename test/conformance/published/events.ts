export interface ServerSentEvent {
  readonly name: string | undefined;
  readonly data: string;
}

/** The events of a whole stream; comments are none. */
export function eventsOf(stream: string): ServerSentEvent[] {
  return stream.split('\n\n').flatMap((block) => {
    const lines = block.split('\n');
    const field = (name: string) =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const data = field('data');
    return data === undefined ? [] : [{ name: field('event'), data }];
  });
}
