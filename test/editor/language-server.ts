import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../demo/demo-world.ts';

/** A language server that speaks LSP 3.17 over its standard streams, as editors start it. */
export interface LanguageServer {
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
  close(): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The server that most editors use for YAML. */
export function startYamlServer(): LanguageServer {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'node_modules/yaml-language-server/bin/yaml-language-server'), '--stdio'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const waiting = new Map<number, (message: Message) => void>();
  let lastId = 0;
  readMessages(child, (message) => {
    if (message.method === undefined && message.id !== undefined) waiting.get(message.id)?.(message);
    // It asks for the settings of the editor; there are none.
    else if (message.id !== undefined)
      send(child, { id: message.id, result: [null, null, null, null, null] });
  });
  return {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, ({ result, error }) =>
          error === undefined ? resolve(result) : reject(new Error(error.message)),
        );
        send(child, { id: lastId, method, params });
      }),
    notify: (method, params) => send(child, { method, params }),
    close: () => void child.kill(),
  };
}

function send(child: ChildProcess, message: object): void {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function readMessages(child: ChildProcess, take: (message: Message) => void): void {
  let held = Buffer.alloc(0);
  child.stdout?.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      const end = held.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/i.exec(held.subarray(0, end).toString())?.[1] ?? Number.NaN,
      );
      if (end < 0 || held.length < end + 4 + length) return;
      take(JSON.parse(held.subarray(end + 4, end + 4 + length).toString()) as Message);
      held = held.subarray(end + 4 + length);
    }
  });
}
