import type { Command } from '../command.ts';
import { checkAlerts, checkKey, checkStore } from '../doctor/check-machine.ts';
import { checkSystem } from '../doctor/check-systems.ts';
import type { Finding } from '../doctor/finding.ts';

/** Looks at everything that the service needs; nothing is taken in, written to a system, or paused. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: 'doctor [--send-test]',
  summary: 'check credentials, reachability, clocks, store and key (exit 1 when something is wrong)',
  engine: 'none',
  needsStore: false,
  options: { 'send-test': 'boolean' },
  async run({ service, settings, options, json, print }) {
    const { definition, context, connections } = service;
    const systems = await Promise.all(
      connections.map((connection) => checkSystem(connection, definition.flows, context)),
    );
    const findings: Finding[] = [
      ...systems.flat(),
      ...(await checkStore(service, settings)),
      checkKey(settings),
      ...(await checkAlerts(service, options['send-test'] === true)),
    ];
    const wrong = findings.filter(({ outcome }) => outcome === 'wrong').length;
    if (json) print(JSON.stringify({ ok: wrong === 0, findings }));
    else {
      for (const finding of findings) print(render(finding));
      print(
        wrong === 0
          ? 'Nothing is wrong.'
          : `${wrong} of ${findings.length} ${wrong === 1 ? 'is' : 'are'} wrong.`,
      );
    }
    return wrong === 0 ? 0 : 1;
  },
};

function render({ area, subject, outcome, message }: Finding): string {
  return `${outcome.padEnd(8)} ${area === 'system' ? '' : `${area} `}${subject}: ${message}`;
}
