import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Host } from './host.ts';

const SKIPPED_FOLDERS = new Set(['node_modules', '.git']);

export function createNodeHost(): Host {
  return {
    readFile(path) {
      try {
        const stats = statSync(path);
        if (stats.isDirectory()) throw new Error('it is a folder. Name a file in it.');
        if (stats.isCharacterDevice() || stats.isBlockDevice())
          throw new Error('it is a device, which has no end.');
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(readFileSync(path));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    writeFile(path, text) {
      mkdirSync(dirname(path), { recursive: true });
      // Written aside and renamed, so that a stop in the middle never leaves half a file.
      const aside = `${path}.${process.pid}.tmp`;
      writeFileSync(aside, text);
      renameSync(aside, path);
    },
    removeFile(path) {
      rmSync(path, { force: true });
    },
    listFiles: (folder) => walk(folder, '').toSorted(compareText),
    resolve: (...parts) => resolve(...parts),
    relative: (from, to) => relative(from, to).split(sep).join('/'),
    today: () => new Date().toISOString().slice(0, 10),
    realPath(path) {
      try {
        return realpathSync(path);
      } catch {
        return undefined;
      }
    },
  };
}

function walk(root: string, below: string): string[] {
  const files: string[] = [];
  for (const entry of readFolder(join(root, below))) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) files.push(...walk(root, name));
    else if (!entry.isDirectory()) files.push(name);
  }
  return files;
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
