import type { Command } from '../command.ts';
import { startOpsServer } from '../server.ts';

/** Reads on schedule and delivers, until SIGTERM or SIGINT. */
export const runCommand: Command = {
  name: 'run',
  usage: 'run',
  summary: 'read on schedule and deliver until stopped',
  engine: 'run',
  needsStore: false,
  options: {},
  async run({ service, settings, stop }) {
    const { context, definition, runners } = service;
    const recovered = await context.store.recoverSending();
    const server = await startOpsServer(service, { host: settings.host, port: settings.port });
    context.signal.addEventListener('abort', () => server.setReady(false), { once: true });
    server.setReady(true);
    context.log.info('service started', {
      integration: definition.integration,
      port: server.port,
      recovered,
    });
    try {
      await Promise.all([...runners.map((runner) => runner.run()), service.watch()]);
    } finally {
      stop();
      await server.close();
    }
    context.log.info('service stopped', { integration: definition.integration });
    return 0;
  },
};
