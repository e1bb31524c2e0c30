import type { Workspace } from '../model/workspace.ts';
import { createGitHost } from '../source/git-host.ts';
import type { GitHost } from '../source/git-host.ts';
import type { Host } from '../source/host.ts';

/** The files as they are on one side of a comparison; the rules file is the same on both. */
export interface DriftSide {
  readonly host: Host;
  /** How a person names a file of this side. */
  name(file: string): string;
  /** Descriptions that this side does not hold, so that they are read as they are now. */
  readonly missing: readonly string[];
}

export interface SideOptions {
  readonly host: Host;
  readonly folder: string;
  /** The rules file, absolute. */
  readonly entry: string;
  /** The rules with the descriptions of the work tree. */
  readonly workspace: Workspace;
  /** The only system to compare. */
  readonly system: string | undefined;
}

/** A side, or why there is none. */
export type SideResult = DriftSide | { readonly problem: string };

/** @param given a file, a folder or a commit, in this order; undefined for the files as they are */
export function createSide(given: string | undefined, options: SideOptions): SideResult {
  const { host, folder } = options;
  const plain = (file: string): string => host.relative(folder, file);
  if (given === undefined) return { host, name: plain, missing: [] };
  const path = host.resolve(folder, given);
  if (host.listFiles(path).length > 0) return createFolderSide(path, options);
  if (holdsFile(host, path)) return createFileSide(path, options);
  return createCommitSide(given, options);
}

/** An empty folder is no file either. */
function holdsFile(host: Host, path: string): boolean {
  try {
    return host.readFile(path) !== undefined;
  } catch {
    return false;
  }
}

/** The descriptions of the rules, of one system or of all. */
function listSpecs({ workspace, system }: SideOptions): readonly string[] {
  const documents = system === undefined ? [...workspace.specs.values()].flat() : workspace.specs.get(system);
  return (documents ?? []).map(({ file }) => file);
}

const NAME_OLDER = 'Name the older descriptions with --from: a file, a folder or a commit.';

function createCommitSide(ref: string, options: SideOptions): SideResult {
  const { host, folder, entry } = options;
  const held = new Map<string, string | undefined>();
  let past: GitHost;
  try {
    past = createGitHost(host, folder, ref);
  } catch {
    // Nobody has typed the last commit, which is what is meant where nothing is given.
    return {
      problem:
        ref === 'HEAD'
          ? `There is no commit here to compare with. ${NAME_OLDER}`
          : `"${ref}" is no file, no folder and no commit here.`,
    };
  }
  if (!past.holds(entry))
    return {
      problem: `The rules are not in the repository of this folder, so there is no commit to compare with. ${NAME_OLDER}`,
    };
  const readPast = (path: string): string | undefined => {
    if (!held.has(path)) held.set(path, past.readFile(path));
    return held.get(path);
  };
  const specs = listSpecs(options);
  const missing = specs.filter((file) => readPast(file) === undefined);
  if (missing.length === specs.length)
    return {
      problem: `${ref} holds none of the descriptions that ${host.relative(folder, entry)} names. ${NAME_OLDER}`,
    };
  return {
    host: {
      ...host,
      readFile: (path) => (path === entry ? host.readFile(path) : (readPast(path) ?? host.readFile(path))),
      realPath: (path) => (path !== entry && readPast(path) !== undefined ? path : host.realPath(path)),
    },
    name: (file) => (held.get(file) === undefined ? '' : `${ref}:`) + host.relative(folder, file),
    missing,
  };
}

/** Files that lie in the folder as the descriptions lie beside the rules. */
function createFolderSide(path: string, options: SideOptions): SideResult {
  const { host, entry } = options;
  const side = createMappedSide(options, { root: host.resolve(entry, '..'), other: path, files: new Map() });
  const specs = listSpecs(options);
  if (side.missing.length < specs.length) return side;
  const wanted = specs.map((file) => host.relative(host.resolve(entry, '..'), file)).join(', ');
  return { problem: `${host.relative(options.folder, path)} holds none of ${wanted}.` };
}

/** One file in the place of one description: of the same name, or the only one of its system. */
function createFileSide(path: string, options: SideOptions): SideResult {
  const { host, folder, workspace } = options;
  const specs = listSpecs(options);
  const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
  const alike = specs.filter((file) => nameOf(file) === nameOf(path));
  const [only, ...more] = alike.length === 0 ? specs : alike;
  if (only === undefined || more.length > 0) {
    const systems = [...workspace.specs.keys()].join(', ');
    const shown = host.relative(folder, path);
    return {
      problem: `${shown} could stand for several descriptions. Say of which system it is (--system, one of ${systems}), and where that has several files, call it as one of them.`,
    };
  }
  return createMappedSide(options, {
    root: host.resolve(only, '..'),
    other: host.resolve(path, '..'),
    files: new Map([[only, path]]),
  });
}

interface Mapping {
  readonly root: string;
  /** Stands in the place of `root`, as far as it holds anything. */
  readonly other: string;
  readonly files: ReadonlyMap<string, string>;
}

function createMappedSide(options: SideOptions, { root, other, files }: Mapping): DriftSide {
  const { host, folder, entry } = options;
  const translate = (path: string): string => {
    if (path === entry) return path;
    const named = files.get(path);
    if (named !== undefined) return named;
    const below = host.relative(root, path);
    const candidate = below.startsWith('..') ? path : host.resolve(other, below);
    return host.readFile(candidate) === undefined ? path : candidate;
  };
  const missing = listSpecs(options).filter((file) => translate(file) === file);
  return {
    host: {
      ...host,
      readFile: (path) => host.readFile(translate(path)),
      // What a link leads to outside of the folder is not taken for a part of it.
      realPath(path) {
        const place = translate(path);
        const real = host.realPath(place);
        if (place === path || real === undefined) return real;
        const inside = host.relative(host.realPath(other) ?? other, real);
        return inside.startsWith('..') ? real : path;
      },
    },
    name: (file) => host.relative(folder, translate(file)),
    // Of a single file nobody expects that it stands for all.
    missing: files.size > 0 ? [] : missing,
  };
}
