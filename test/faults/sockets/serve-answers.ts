import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { WireAnswer } from '../fault.ts';
import { listen } from './listen.ts';
import type { Listening } from './listen.ts';
import { readRequest } from './read-request.ts';
import type { ReceivedRequest } from './read-request.ts';
import { renderAnswer } from './render-answer.ts';

/** A server that reads one request after another from each connection and answers as it is told, to the byte. */
export function serveAnswers(answer: (request: ReceivedRequest) => WireAnswer): Promise<Listening> {
  return listen(
    createServer((socket) => {
      let bytes = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        for (let next = readRequest(bytes); next !== undefined; next = readRequest(bytes)) {
          bytes = Buffer.from(next.rest);
          write(socket, answer(next.request));
        }
      });
    }),
  );
}

function write(socket: Socket, answer: WireAnswer): void {
  switch (answer.kind) {
    case 'response':
      socket.write(renderAnswer(answer));
      return;
    case 'raw':
      answer.write(socket);
      return;
    case 'refused':
    case 'cut':
      socket.resetAndDestroy();
      return;
    case 'timeout':
  }
}
