import { posix } from 'node:path';

/**
 * The file that a reference names, seen from the file that holds it; undefined where it names a place on the network.
 * @param copies files by the address of which each is a copy
 */
export function resolveLocation(
  from: string,
  location: string,
  copies: ReadonlyMap<string, string>,
): string | undefined {
  if (isRemote(location)) return copies.get(location);
  return posix.resolve(posix.dirname(from), decode(location));
}

export function isRemote(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(location) || location.startsWith('//');
}

/** A reference is a URI, and many are typed as plain paths; a stray `%` stands for itself. */
function decode(location: string): string {
  try {
    return decodeURIComponent(location);
  } catch {
    return location;
  }
}
