import { toCamelCase, toPascalCase } from './allocate-names.ts';

/** What a flow's files import from the file of one system. */
export interface ImportGroup {
  readonly system: string;
  readonly names: readonly (string | undefined)[];
}

export interface SettledImports {
  /** The name under which something of a system is known in the flow's files. */
  localName(system: string, name: string): string;
  /** Exported names of those that are known under another. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Parameters and imports of the flow's files, which an import from a system would hide. */
const TAKEN = ['Config', 'Mapper', 'Scope', 'body', 'headers', 'item', 'page', 'sent', 'since', 'status'];

/** Two systems may both have a `Contact`; where such names meet in one file, each gets its system's name in front. */
export function settleImports(groups: readonly ImportGroup[], own: readonly string[]): SettledImports {
  const places = new Map<string, Set<string>>();
  for (const { system, names } of groups) {
    for (const name of names) {
      if (name !== undefined && name !== 'unknown')
        places.set(name, (places.get(name) ?? new Set()).add(system));
    }
  }
  const used = new Set([...TAKEN, ...own]);
  const locals = new Map<string, string>();
  const renamed = new Map<string, string>();
  for (const [name, systems] of places) {
    if (systems.size === 1 && !used.has(name)) used.add(name);
    else for (const system of systems) locals.set(`${system} ${name}`, name);
  }
  for (const place of locals.keys()) {
    const [system = '', name = ''] = place.split(' ');
    let local = `${/^[A-Z]/.test(name) ? toPascalCase(system) : toCamelCase(system)}${name[0]?.toUpperCase()}${name.slice(1)}`;
    while (used.has(local)) local += '2';
    used.add(local);
    locals.set(place, local);
    renamed.set(local, name);
  }
  return { renamed, localName: (system, name) => locals.get(`${system} ${name}`) ?? name };
}
