/** Words of the language, what emitted code uses itself, and `then`: a module that exports it is taken for a promise by `import()`. */
const RESERVED = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in ' +
    'instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield ' +
    'arguments eval source map now ids found each config custom defineFlow listOf objectOf oneObject findBlankKind firstNotBlank filled toNumber toText whole times sum htmlText url odata soql jql z then'
  ).split(' '),
);

/** Gives each thing one name, the same from run to run, and never the same name twice in one file. */
export interface NameAllocator {
  /** @param key what is named, for ever; @param scope the file, within which names differ */
  allocate(key: string, wanted: string, scope: string): string;
  readonly names: ReadonlyMap<string, string>;
}

export function createNameAllocator(previous: Readonly<Record<string, string>>): NameAllocator {
  const names = new Map<string, string>();
  const taken = new Map<string, Set<string>>();
  return {
    names,
    allocate(key, wanted, scope) {
      const known = names.get(key);
      if (known !== undefined) return known;
      const used = taken.get(scope) ?? new Set<string>();
      taken.set(scope, used);
      const kept = Object.hasOwn(previous, key) ? previous[key] : undefined;
      const base = kept !== undefined && isIdentifier(kept) ? kept : toCamelCase(wanted);
      let name = base;
      // Names that differ only in case would fall together as file names, so they count as the same.
      for (let count = 2; used.has(name.toLowerCase()); count += 1) name = `${base}${count}`;
      used.add(name.toLowerCase());
      names.set(key, name);
      return name;
    },
  };
}

export function toCamelCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const [first = 'value', ...rest] = words;
  const lowered = /^[A-Z]+$/.test(first) ? first.toLowerCase() : first[0]?.toLowerCase() + first.slice(1);
  const joined = lowered + rest.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
  const safe = /^[0-9]/.test(joined) ? `n${joined}` : joined;
  return RESERVED.has(safe) ? `${safe}Value` : safe;
}

export function toPascalCase(text: string): string {
  const camel = toCamelCase(text);
  return camel[0]?.toUpperCase() + camel.slice(1);
}

function isIdentifier(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9]*$/.test(text) && !RESERVED.has(text);
}
