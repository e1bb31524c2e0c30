/** Standard output as the service uses it: whoever reads it may go away. */
export interface GuardedOutput {
  write(text: string): void;
  /** The reader has gone. */
  readonly isClosed: boolean;
}

/** `head` ends once it has its lines, and a log collector may die: neither may end the service, or show as its fault. */
export function guardOutput(
  stream: NodeJS.WritableStream,
  onLost: () => void = () => undefined,
): GuardedOutput {
  let isClosed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isClosed ||= error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED';
    onLost();
  });
  return {
    write(text) {
      if (isClosed) onLost();
      else stream.write(text);
    },
    get isClosed() {
      return isClosed;
    },
  };
}
