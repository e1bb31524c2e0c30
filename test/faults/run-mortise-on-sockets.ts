import { DEFAULT_CONCURRENCY } from '../../runtime/src/http/call-gate.ts';
import { createUndiciTransport } from '../../runtime/src/http/undici-transport.ts';
import type { TestContext } from '../../runtime/src/testing/create-test-context.ts';
import type { Fault, FaultCase } from './fault.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Observation } from './observation.ts';
import { runMortise } from './run-mortise.ts';
import type { Wiring } from './run-mortise.ts';
import { openNetwork } from './sockets/open-network.ts';

const HOUR = 3_600_000;
/** For one try, instead of the 30 s of a service: where a server stalls, and everywhere else. */
export const STALLED_MS = 400;
const PATIENT_MS = 20_000;
/** Instead of 50 MB, so that a bomb may be small. */
const MOST_BYTES = 1_000_000;

/** As `runMortise`, with real connections: only their bytes take real time, in which the clock stands still. */
export function runMortiseOnSockets(fault: Fault | undefined, where: FaultCase): Promise<Observation> {
  return runMortise(fault, where, { connect: connectSockets, lastsMs: 1.5 * HOUR, afterMs: 2 * HOUR });
}

async function connectSockets(
  world: FaultWorld,
  { clock }: TestContext,
  fault: Fault | undefined,
): Promise<Wiring> {
  const network = await openNetwork(world, () => clock.now());
  const timeoutMs = fault?.stalls === true ? STALLED_MS : PATIENT_MS;
  return {
    createTransport() {
      const transport = createUndiciTransport({ connections: DEFAULT_CONCURRENCY });
      return {
        send: (request) =>
          clock.busy(
            network
              .route(request)
              .then((url) => transport.send({ ...request, url, timeoutMs, maxBytes: MOST_BYTES })),
          ),
        close: () => transport.close(),
      };
    },
    close: () => network.close(),
  };
}
