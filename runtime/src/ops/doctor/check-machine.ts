import { FEWEST_KEY_BYTES, readKey } from '../../alerts/webhook-channel.ts';
import { collectStranded, describeStranded } from '../../alerts/collect-stranded.ts';
import type { Service } from '../../engine/create-service.ts';
import type { ServiceSettings } from '../command.ts';
import type { Finding } from './finding.ts';

const MEGABYTE = 1_000_000;
/** Below this a full disk is near; below the other nothing may be written soon. */
const LITTLE_BYTES = 1000 * MEGABYTE;
const TOO_LITTLE_BYTES = 100 * MEGABYTE;

export async function checkStore(
  { context, definition }: Service,
  { store: file }: ServiceSettings,
): Promise<Finding[]> {
  const stranded = await collectStranded(context.store, definition.flows);
  const pauses = (await context.store.listPauses()).filter(
    ({ untilMs }) => (untilMs ?? Number.POSITIVE_INFINITY) > context.clock.now(),
  );
  const health = await context.store.checkHealth();
  const say = (outcome: Finding['outcome'], message: string): Finding => ({
    area: 'store',
    subject: file,
    outcome,
    message,
  });
  const found = [
    health.integrity === 'ok'
      ? say('ok', `whole, ${megabytes(health.bytes)} and ${megabytes(health.logBytes)} of log`)
      : say('wrong', `damaged: ${health.integrity}. Stop the service and go back to a backup.`),
  ];
  if (health.writing !== 'ok') found.push(say('wrong', `nothing can be written: ${health.writing}`));
  if (health.isExposed === true)
    found.push(
      say('warning', `other users of this machine can read what it holds; close it with: chmod 600 ${file}*`),
    );
  for (const one of stranded) found.push(say('wrong', describeStranded(one)));
  for (const { name, reason } of pauses)
    found.push(say('warning', `${name.replace(':', ' ')} is paused or halted: ${reason}`));
  const { freeBytes } = health;
  if (freeBytes === undefined) return found;
  const free = `${megabytes(freeBytes)} are free on its disk`;
  if (freeBytes < TOO_LITTLE_BYTES) found.push(say('wrong', `only ${free}`));
  else if (freeBytes < LITTLE_BYTES) found.push(say('warning', `only ${free}`));
  else found.push(say('ok', free));
  return found;
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

/** A key that is missing or wrong is refused before any command runs. */
export function checkKey({ key }: ServiceSettings): Finding {
  const message = key === undefined ? 'not set; no system keeps tokens' : 'set, and it fits the store';
  return { area: 'key', subject: 'MORTISE_KEY', outcome: 'ok', message };
}

/** @param send a message goes to every channel */
export async function checkAlerts({ alerts, definition }: Service, send: boolean): Promise<Finding[]> {
  const names = Object.keys(definition.alerts?.channels ?? {});
  const weak = findWeakSecrets(definition);
  if (names.length === 0)
    return [
      { area: 'alerts', subject: 'alerts', outcome: 'warning', message: 'the rules tell nobody of anything' },
    ];
  if (!send)
    return [
      ...names.map((subject): Finding => ({
        area: 'alerts',
        subject,
        outcome: 'ok',
        message: 'not tried; --send-test sends a message',
      })),
      ...weak,
    ];
  const sent = await alerts.sendTest();
  return [
    ...sent.map(({ channel, delivery }): Finding => ({
      area: 'alerts',
      subject: channel,
      outcome: delivery.kind === 'sent' ? 'ok' : 'wrong',
      message: delivery.kind === 'sent' ? 'took a test message' : `took no message: ${delivery.detail}`,
    })),
    ...weak,
  ];
}

/** Whoever guesses such a key can sign messages of their own. */
function findWeakSecrets({ alerts }: Service['definition']): Finding[] {
  return Object.entries(alerts?.channels ?? {}).flatMap(([subject, channel]) => {
    const bytes = channel.kind === 'webhook' ? readKey(subject, channel.secret).length : FEWEST_KEY_BYTES;
    if (bytes >= FEWEST_KEY_BYTES) return [];
    const message = `its secret has ${bytes} bytes, and Standard Webhooks asks for ${FEWEST_KEY_BYTES} at least. Make one with: echo "whsec_$(openssl rand -base64 32)"`;
    return [{ area: 'alerts', subject, outcome: 'warning', message }];
  });
}
