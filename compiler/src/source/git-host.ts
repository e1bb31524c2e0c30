import { execFileSync } from 'node:child_process';
import type { Host } from './host.ts';

export interface GitHost extends Host {
  /** Whether a path lies in the repository, whatever is there. */
  holds(path: string): boolean;
}

/**
 * The files as they were at a commit of the repository that holds `folder`; what lies outside the repository is read as
 * it is now. Nothing is written. @throws Error where git knows no such commit
 */
export function createGitHost(host: Host, folder: string, ref: string): GitHost {
  const root = git(folder, ['rev-parse', '--show-toplevel']).trim();
  const commit = git(folder, ['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`]).trim();
  const nameInside = (path: string): string | undefined => {
    const name = host.relative(root, path);
    return name.startsWith('../') || name === '..' ? undefined : name;
  };
  const read = (path: string): string | undefined => {
    const name = nameInside(host.realPath(path) ?? path);
    if (name === undefined) return host.readFile(path);
    try {
      return git(root, ['show', `${commit}:${name}`]);
    } catch {
      return undefined;
    }
  };
  const refuse = (): never => {
    throw new Error('What git holds is not written.');
  };
  return {
    ...host,
    holds: (path) => nameInside(host.realPath(path) ?? path) !== undefined,
    readFile: read,
    writeFile: refuse,
    removeFile: refuse,
    realPath: (path) => (read(path) === undefined ? host.realPath(path) : path),
  };
}

const LARGEST_FILE = 256 * 1024 * 1024;

function git(folder: string, args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    maxBuffer: LARGEST_FILE,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
