import type { Store } from '../../runtime/src/store/store.ts';
import { findCanaries } from '../crash/canaries.ts';
import { nameVersion } from './soak-person.ts';
import type { SoakPerson } from './soak-person.ts';
import { FLOW } from './soak-service.ts';
import { TOO_LONG, UNWANTED } from './soak-source.ts';
import type { SoakStory } from './soak-story.ts';
import { isJournal } from './soak-target.ts';
import type { SoakWorld } from './soak-world.ts';

interface Judged {
  readonly story: SoakStory;
  readonly world: SoakWorld;
  readonly person: SoakPerson;
  readonly store: Store;
}

/**
 * The oracle knows the source's last records and what a person discarded or edited, and nothing of the service: the
 * latest version of each key is at the target, or somebody can see why not. `isFinal`: a person has put everything back,
 * so that only what the target can not take may still be in review.
 */
export async function judgeRecords(
  { world, person, store }: Judged,
  { isFinal }: { readonly isFinal: boolean },
): Promise<string[]> {
  const reviews = await store.listReviews({ state: 'open', limit: 1000 });
  const dead = await store.listDead({ limit: 1000 });
  const visible = new Set([...reviews, ...dead].map(({ key }) => key));
  return [...world.source.records.values()].flatMap((record) => {
    const { id } = record;
    const verdict = person.verdicts.get(nameVersion(record));
    if (verdict?.kind === 'discarded') return [];
    const name = verdict?.kind === 'edited' ? verdict.name : record.name;
    const held = world.target.find(id)?.name;
    const isSound = !name.includes(TOO_LONG) && !name.includes(UNWANTED);
    if (isSound ? held === name : visible.has(id)) return [];
    if (!isFinal && visible.has(id)) return [];
    return [`${isFinal ? '' : 'before anything was put back: '}${id} should be "${name}" and is "${held}"`];
  });
}

/** Nothing twice, nothing that nobody asked for, and no older version after a newer one. */
export function judgeTarget({ story, world, person }: Omit<Judged, 'store'>): string[] {
  const { entries, misuses } = world.target;
  const bad = entries.filter(({ name }) => name.includes(TOO_LONG) || name.includes(UNWANTED));
  const complaints = [...misuses, ...bad.map(({ ref, name }) => `${ref} was written as "${name}"`)];
  if (!isJournal(story.tier)) return complaints;
  const seen = new Set<string>();
  const newest = new Map<string, number>();
  for (const { ref, name } of entries) {
    // What a person has vouched for is not known byte for byte, so a touch of the record writes the same once more.
    const isVouched = story.tier === 5 && person.stated.has(ref);
    if (seen.has(`${ref} ${name}`) && !isVouched) complaints.push(`${ref} is there twice as "${name}"`);
    seen.add(`${ref} ${name}`);
    const version = Number(/ v(\d+)/.exec(name)?.[1] ?? 0);
    if (version < (newest.get(ref) ?? 0)) complaints.push(`${ref} went back to "${name}"`);
    newest.set(ref, version);
  }
  return complaints;
}

export async function judgeStore(store: Store): Promise<string[]> {
  const [counts] = await store.counts([FLOW]);
  const sum = Object.values(counts?.states ?? {}).reduce((total, count) => total + count, 0);
  const { waiting = 0, sending = 0, queued = 0, unknown = 0 } = counts?.states ?? {};
  const live = waiting + sending + queued + unknown;
  return [
    ...(sum === counts?.takenIn ? [] : [`${counts?.takenIn} were taken in, and the states add up to ${sum}`]),
    ...(live === 0 ? [] : [`${live} records still wait: ${JSON.stringify(counts?.states)}`]),
  ];
}

/** @param texts everything that could hold a secret, by where it stands */
export function judgeSecrets(texts: Readonly<Record<string, string>>): string[] {
  return Object.entries(texts).flatMap(([place, text]) =>
    findCanaries(text).map((canary) => `the secret ${canary} stands in the ${place}`),
  );
}
