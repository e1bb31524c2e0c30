import { posix } from 'node:path';
import type { Host } from './host.ts';

/** A file system in memory: for tests and for comparisons that must not touch the disk. */
export function createMemoryHost(
  files: Readonly<Record<string, string>>,
  today = '2000-01-01',
): Host & {
  readonly files: ReadonlyMap<string, string>;
} {
  const held = new Map(Object.entries(files));
  return {
    files: held,
    readFile: (path) => held.get(path),
    writeFile: (path, text) => void held.set(path, text),
    removeFile: (path) => void held.delete(path),
    listFiles(folder) {
      const prefix = folder.endsWith('/') ? folder : `${folder}/`;
      const names = [...held.keys()].filter((path) => path.startsWith(prefix));
      return names.map((path) => path.slice(prefix.length)).toSorted();
    },
    resolve: (...parts) => posix.resolve('/', ...parts),
    relative: (from, to) => posix.relative(from, to),
    realPath: (path) => path,
    today: () => today,
  };
}
