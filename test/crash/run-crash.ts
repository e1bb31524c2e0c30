import { existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tier } from '../faults/fault.ts';
import { findCanaries } from './canaries.ts';
import { createStory, START_MS } from './crash-story.ts';
import type { Story } from './crash-story.ts';
import { openCrashWorld } from './crash-world.ts';
import type { CrashWorld } from './crash-world.ts';
import { countReworkedPages, judgeFile, judgeMoment } from './judge-crash.ts';
import { countBehindReviews, judgeEnd } from './judge-end.ts';
import type { EndVerdict } from './judge-end.ts';
import type { PointKind } from './kill-points.ts';
import { readStore } from './read-killed-store.ts';
import type { StoreFacts } from './read-killed-store.ts';
import type { Life, ServiceProcess } from './service-process.ts';

/** A story, and the points at which the service dies in its first life, its second, …. */
export interface CrashCase {
  readonly story: string;
  readonly tier: Tier;
  readonly kills: readonly number[];
  readonly points: PointKind;
  /** Of the write-ahead log, only this share is left after each kill: what a loss of power may do. */
  readonly keptLog?: number;
}

export interface CrashReport extends EndVerdict {
  readonly crash: CrashCase;
  /** How many of the kills struck before the service had come to its end. */
  readonly crashes: number;
  /** Points of the last life. */
  readonly points: number;
  readonly reworkPages: number;
}

/** A restart comes so soon. */
const RESTART_MS = 1000;
/** What still waits at the end of a life is looked at again after this long. */
const REST_MS = 120_000;
const MOST_LIVES = 8;

/** Runs a service in its world, kills it where the case says, and starts it again until nothing waits any more. */
export async function runCrash(crash: CrashCase, service: ServiceProcess): Promise<CrashReport> {
  const story = createStory(crash.story, crash.tier);
  const folder = mkdtempSync(join(tmpdir(), 'mortise-crash-'));
  const world = await openCrashWorld(story);
  const store = join(folder, 'store.sqlite');
  try {
    return await liveOn({ crash, story, world, store, service });
  } finally {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Lives {
  readonly crash: CrashCase;
  readonly story: Story;
  readonly world: CrashWorld;
  readonly store: string;
  readonly service: ServiceProcess;
}

async function liveOn({ crash, story, world, store, service }: Lives): Promise<CrashReport> {
  const others: string[] = [];
  const kills = [...crash.kills];
  let crashes = 0;
  let reworkPages = 0;
  let startMs = START_MS;
  let before: StoreFacts | undefined;
  for (let number = 0; ; number += 1) {
    if (number > 0) world.beginLife();
    const life = await service.live({ ...crash, url: world.url, store, startMs, killAt: kills.shift() });
    others.push(...judgeOutput(service, life));
    if (before !== undefined)
      reworkPages = Math.max(reworkPages, countReworkedPages(before, world.ledger, number));
    if (life.kind === 'killed') {
      crashes += 1;
      if (crash.keptLog !== undefined) cutLog(store, crash.keptLog);
      before = readStore(store);
      others.push(...(crash.keptLog === undefined ? judgeMoment : judgeFile)(before, world));
      startMs = Math.max(startMs, world.nowMs) + RESTART_MS;
      continue;
    }
    const isLocked = story.graceMs < 0 && world.tokens.refused > 0;
    const isAtRest = life.kind === 'ended' && life.waiting <= countBehindReviews(readStore(store));
    if (life.kind === 'ended' && !isAtRest && number < MOST_LIVES && !isLocked) {
      before = undefined;
      startMs = life.nowMs + REST_MS;
      continue;
    }
    const { waiting, points } = life.kind === 'ended' ? life : { waiting: 0, points: 0 };
    const end = judgeEnd({ story, world, store: readStore(store), crashes, waiting });
    // What was told, decided and read is forgotten with the end of the log, and comes again.
    if (crash.keptLog !== undefined) return { ...end, others, crash, crashes, points, reworkPages };
    if (reworkPages > 1) others.push(`${reworkPages} pages were read again`);
    return { ...end, others: [...others, ...end.others], crash, crashes, points, reworkPages };
  }
}

function cutLog(store: string, kept: number): void {
  const log = `${store}-wal`;
  if (existsSync(log)) truncateSync(log, Math.floor(statSync(log).size * kept));
}

function judgeOutput(service: ServiceProcess, life: Life): string[] {
  const leaks = findCanaries(service.takeOutput()).map((name) => `the log holds the secret ${name}`);
  return life.kind === 'failed' ? [...leaks, `the service failed: ${life.message}`] : leaks;
}

export function describeReport({ crash, lost, duplicated, others }: CrashReport): string {
  const complaints = [
    ...lost.map((text) => `LOST ${text}`),
    ...duplicated.map((text) => `DOUBLED ${text}`),
    ...others,
  ];
  return `${crash.story}, tier ${crash.tier}, killed at ${crash.kills.join(' and ') || 'no point'}: ${complaints.join('; ')}`;
}

export function isSound({ lost, duplicated, others }: EndVerdict): boolean {
  return lost.length + duplicated.length + others.length === 0;
}
