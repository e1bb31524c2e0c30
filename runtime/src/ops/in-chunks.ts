/** Small enough that the engine, in another process, hardly waits for the store. */
const CHUNK = 100;

/** Does the work for each, so many at a time: what is asked of the store together is one transaction. */
export async function inChunks<T, R>(list: readonly T[], work: (entry: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < list.length; at += CHUNK)
    results.push(...(await Promise.all(list.slice(at, at + CHUNK).map(work))));
  return results;
}
