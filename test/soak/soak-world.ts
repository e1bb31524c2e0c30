import type { Clock } from '../../runtime/src/clock.ts';
import type { WireOutcome, WireRequest } from '../../runtime/src/http/transport.ts';
import { respond } from '../../runtime/src/testing/memory-transport.ts';
import { makeSecret } from '../crash/canaries.ts';
import { createDice } from './dice.ts';
import { SINGLE, strike } from './soak-faults.ts';
import type { FaultKind, Strike } from './soak-faults.ts';
import { createSoakSource } from './soak-source.ts';
import type { SoakSource } from './soak-source.ts';
import type { Part, SoakStory } from './soak-story.ts';
import { createSoakTarget, isJournal } from './soak-target.ts';
import type { SoakTarget } from './soak-target.ts';
import { createSoakTokens } from './soak-tokens.ts';
import type { SoakTokens } from './soak-tokens.ts';

export const SOURCE_URL = 'https://source.example';
export const TARGET_URL = 'https://target.example';
export const CHANNEL_URL = 'https://channel.example/hook';

/** What reached the channel. */
export interface SoakMessage {
  readonly body: string;
  /** It was taken and said so; else the service cannot know, and must say it again. */
  readonly isConfirmed: boolean;
}

/** The systems around the service, on the true clock, which nobody sets. */
export interface SoakWorld {
  readonly source: SoakSource;
  readonly target: SoakTarget;
  readonly tokens: SoakTokens;
  readonly messages: readonly SoakMessage[];
  /** Calls that went wrong. */
  readonly faults: number;
  /** When the channel last failed. */
  readonly channelFailedAtMs: number;
  send(request: WireRequest): Promise<WireOutcome>;
  /** From now on nothing goes wrong. */
  heal(): void;
}

export interface WorldOptions {
  readonly story: SoakStory;
  readonly clock: Clock;
  /** After the work of each call of the target was done and before it is answered. */
  readonly onCall: (index: number) => void;
}

export function createSoakWorld({ story, clock, onCall }: WorldOptions): SoakWorld {
  const startMs = clock.now();
  const dice = createDice(story.seed, 'world');
  const journal = isJournal(story.tier);
  const source = createSoakSource({ dice: createDice(story.seed, 'source'), startMs, isJournal: journal });
  const target = createSoakTarget(story.tier);
  const tokens = createSoakTokens();
  const messages: SoakMessage[] = [];
  let isHealed = false;
  let [calls, faults, channelFailedAtMs] = [0, 0, Number.NEGATIVE_INFINITY];

  const serve = (part: Part, request: WireRequest, isConfirmed: boolean): WireOutcome => {
    const now = clock.now();
    const date = { date: new Date(now).toUTCString() };
    const url = new URL(request.url);
    if (part === 'channel') messages.push({ body: request.body ?? '', isConfirmed });
    if (part === 'channel') return respond(204);
    if (part === 'token') return tokens.answer(request, now);
    if (part === 'source')
      return request.headers['x-api-key'] === makeSecret('sourceKey')
        ? respond(200, source.read(url), date)
        : respond(401, {}, date);
    if (!tokens.holds(request, now)) return respond(401, { error: 'invalid_token' });
    return request.method === 'GET' ? target.lookUp(url, now) : target.write(request, now);
  };
  const findFault = (part: Part, request: WireRequest): Strike | undefined => {
    const kind = isHealed ? undefined : drawFault(part, request);
    if (kind === undefined) return undefined;
    faults += 1;
    if (part === 'channel') channelFailedAtMs = clock.now();
    return strike(kind, request, dice, clock.now());
  };
  const drawFault = (part: Part, { method }: WireRequest): FaultKind | undefined => {
    const at = clock.now() - startMs;
    const episode = story.episodes.findLast(
      (entry) => entry.part === part && entry.fromMs <= at && at < entry.untilMs,
    );
    const { share, kinds } = episode ?? SINGLE[part];
    const kind = dice.chance(share) ? dice.pick(kinds) : undefined;
    // A look-up that is refused parks its record as a write does; one kind of that is enough.
    return kind === '422' && method === 'GET' ? '500' : kind;
  };
  return {
    source,
    target,
    tokens,
    messages,
    get faults() {
      return faults;
    },
    get channelFailedAtMs() {
      return channelFailedAtMs;
    },
    async send(request) {
      const part = findPart(request);
      const latencyMs = dice.spread(10, 400);
      await clock.sleep(latencyMs);
      const fault = findFault(part, request);
      const good =
        fault === undefined || fault.isDone ? serve(part, request, fault === undefined) : undefined;
      if (part === 'target') calls += 1;
      if (part === 'target') onCall(calls);
      await clock.sleep(fault?.stalls === true ? request.timeoutMs - latencyMs : latencyMs);
      return fault?.outcome ?? good ?? respond(500);
    },
    heal() {
      isHealed = true;
    },
  };
}

function findPart({ url }: WireRequest): Part {
  if (url.startsWith(`${TARGET_URL}/token`)) return 'token';
  if (url.startsWith(CHANNEL_URL)) return 'channel';
  return url.startsWith(SOURCE_URL) ? 'source' : 'target';
}
