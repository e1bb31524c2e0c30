import { flushCompileCache } from 'node:module';
import { createService } from '../../runtime/src/engine/create-service.ts';
import type { Service } from '../../runtime/src/engine/create-service.ts';
import type { Transport } from '../../runtime/src/http/transport.ts';
import { createUndiciTransport } from '../../runtime/src/http/undici-transport.ts';
import { createLog } from '../../runtime/src/log/create-log.ts';
import { createScrubber } from '../../runtime/src/log/scrub.ts';
import { takeEngineLock } from '../../runtime/src/store/engine-lock.ts';
import { createSqliteStore } from '../../runtime/src/store/sqlite-store.ts';
import type { Store } from '../../runtime/src/store/store.ts';
import { createSeededRandom } from '../../runtime/src/testing/seeded-random.ts';
import { createVirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import type { VirtualClock } from '../../runtime/src/testing/virtual-clock.ts';
import { STORE_KEY } from './canaries.ts';
import { describeCrashService, FLOW } from './crash-service.ts';
import { createStory } from './crash-story.ts';
import type { Step } from './crash-story.ts';
import { NOW_HEADER } from './crash-world.ts';
import { createKillPoints } from './kill-points.ts';
import type { LifeEnd, LifeOrder } from './service-process.ts';

/**
 * A service in a process of its own, which dies where it is told to: the real engine, store and transport, under a
 * virtual clock. An order is one life of it.
 */
async function live(order: LifeOrder): Promise<LifeEnd> {
  const story = createStory(order.story, order.tier);
  const clock = createVirtualClock(order.startMs);
  const points = createKillPoints(order, clock);
  const lock = takeEngineLock(order.store);
  const store = points.watchStore(createSqliteStore(order.store, clock));
  const scrubber = createScrubber();
  const createTransport = (): Transport => points.watchTransport(tellTime(clock));
  try {
    const service = await createService(describeCrashService(story, order.url), {
      clock,
      random: createSeededRandom(1),
      log: createLog(scrubber, 'debug', process.stdout),
      scrubber,
      store,
      key: STORE_KEY,
      signal: new AbortController().signal,
      createTransport,
      createAlertTransport: createTransport,
    });
    await store.recoverSending();
    for (const step of story.steps) await takeStep(step, service, clock);
    const waiting = await store.countLive(FLOW);
    await service.close();
    return { points: points.passed, waiting, nowMs: clock.now() };
  } finally {
    lock.release();
  }
}

async function takeStep(step: Step, service: Service, clock: VirtualClock): Promise<void> {
  const { store } = service.context;
  switch (step.kind) {
    case 'once':
      await clock.drive(Promise.all(service.runners.map((runner) => runner.runOnce())));
      await clock.drive(service.alerts.look());
      return;
    case 'decide':
      return decide(step, store, clock);
    case 'advance':
      return clock.advance(step.byMs);
  }
}

/** The reason of a review of which nobody knows whether its write was applied. */
const UNKNOWN = 'unknown outcome';

/** The person has noted the review's number, and decides it again after a crash: they cannot know that it was decided. */
async function decide(
  { key, payload }: Extract<Step, { readonly kind: 'decide' }>,
  store: Store,
  clock: VirtualClock,
): Promise<void> {
  const reviews = await store.listReviews({ flow: FLOW, state: 'all', limit: 100 });
  const review = reviews.find((one) => one.key === key);
  if (review === undefined) return;
  // The target refuses that record for ever, so whoever looks there finds nothing.
  const outcome = review.reason === UNKNOWN ? { outcome: { kind: 'not-applied' } as const } : {};
  await store.decideReview(review.id, { kind: 'edit', payload, ...outcome }, 'a person', clock.now());
}

/** The real transport; every request says what time it is here. */
function tellTime(clock: VirtualClock): Transport {
  const transport = createUndiciTransport({ connections: 10 });
  return {
    send: (request) =>
      transport.send({ ...request, headers: { ...request.headers, [NOW_HEADER]: String(clock.now()) } }),
    close: () => transport.close(),
  };
}

process.on('message', (order: LifeOrder) => {
  live(order).then(
    (end) => process.send?.(end),
    (error: unknown) => process.send?.({ failed: error instanceof Error ? error.stack : String(error) }),
  );
});
// A process that is killed writes no cache, and most of these are.
flushCompileCache();
