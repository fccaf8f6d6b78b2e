import type { Socket } from 'node:net';

export interface SocketReader {
  /**
   * The bytes up to where `end` says, which is asked of all that came so far: how many they are, `more`, or `never`. Undefined where
   * there will never be enough.
   */
  until(end: (read: Buffer) => number | 'more' | 'never'): Promise<Buffer | undefined>;
  /** Whether nothing came behind what was taken. */
  isEmpty(): boolean;
}

/** Reads messages off a socket that speaks in turns; between two of them it is paused. */
export function readFrom(socket: Socket): SocketReader {
  let read = Buffer.alloc(0);
  const taken = (bytes: number): Buffer => {
    const message = read.subarray(0, bytes);
    read = read.subarray(bytes);
    return message;
  };
  return {
    until(end) {
      return new Promise((resolve) => {
        const look = (): boolean => {
          const found = end(read);
          if (found === 'more') return false;
          finish(found === 'never' ? undefined : taken(found));
          return true;
        };
        const finish = (message: Buffer | undefined): void => {
          socket.off('data', take).off('close', fail).off('end', fail).pause();
          resolve(message);
        };
        const fail = (): void => finish(undefined);
        const take = (chunk: Buffer): void => {
          read = Buffer.concat([read, chunk]);
          look();
        };
        if (look()) return;
        if (socket.destroyed || socket.readableEnded) return fail();
        socket.on('data', take).once('close', fail).once('end', fail).resume();
      });
    },
    isEmpty: () => read.length === 0,
  };
}
