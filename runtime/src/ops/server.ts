import { fastify } from 'fastify';
import { operatorError } from '../errors.ts';
import type { Service } from '../engine/create-service.ts';
import { readStatus } from './read-status.ts';

export interface OpsServer {
  readonly port: number;
  /** Readiness goes off first when the service is asked to stop. */
  setReady(ready: boolean): void;
  close(): Promise<void>;
}

/** `/livez`, `/readyz`, `/status` and `/metrics`, on loopback unless told otherwise. @throws OperatorError where the port is taken */
export async function startOpsServer(
  service: Service,
  listen: { readonly host: string; readonly port: number },
): Promise<OpsServer> {
  let ready = false;
  const server = fastify({ logger: false });
  server.get('/livez', () => ({ status: 'ok' }));
  server.get('/readyz', (_request, reply) =>
    reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' }),
  );
  server.get('/status', async (_request, reply) => {
    const text = JSON.stringify(await readStatus(service));
    return reply.type('application/json').send(service.context.scrubber.scrub(text));
  });
  server.get('/metrics', async (_request, reply) => {
    const { registry } = service.context.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  try {
    await server.listen({ host: listen.host, port: listen.port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw operatorError(
      `Port ${listen.port} is taken by another program. Set MORTISE_PORT to a free one, or stop the other.`,
    );
  }
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : listen.port,
    setReady(value) {
      ready = value;
    },
    close: () => server.close(),
  };
}
