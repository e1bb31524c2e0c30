import type { ApiClient } from '../http/api-client.ts';
import type { RunContext } from '../run-context.ts';
import { LOOK_MS } from './flow-work.ts';

/** Until the pause of the system is over, which a person may lift at any time. */
export async function sleepThroughPause(
  client: Pick<ApiClient, 'pausedUntilMs'>,
  { clock, signal }: Pick<RunContext, 'clock' | 'signal'>,
): Promise<void> {
  while (!signal.aborted && client.pausedUntilMs > clock.now())
    await clock.sleep(Math.min(LOOK_MS, client.pausedUntilMs - clock.now()), signal);
}
