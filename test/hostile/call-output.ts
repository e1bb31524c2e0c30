import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { createMapper } from '../../runtime/src/map/mapper.ts';
import { MARKER } from './payloads.ts';

/** A process of its own: imports what was emitted, calls all that it exports, and says whether a foreign text has run. */
type Emissions = readonly (readonly [
  label: string,
  files: readonly (readonly [path: string, text: string])[],
])[];

const ROOT = new URL('./emission/', import.meta.url);
const [file = ''] = process.argv.slice(2);
const emissions = JSON.parse(readFileSync(file, 'utf8')) as Emissions;
const texts = new Map<string, string>();
emissions.forEach(([, files], index) => {
  for (const [path, text] of files) texts.set(new URL(`${index}/${path}`, ROOT).href, text);
});

registerHooks({
  resolve(specifier, context, next) {
    const url = specifier.startsWith('.') ? new URL(specifier, context.parentURL).href : specifier;
    return texts.has(url) ? { url, format: 'module', shortCircuit: true } : next(specifier, context);
  },
  load(url, context, next) {
    const text = texts.get(url);
    if (text === undefined) return next(url, context);
    return { format: 'module', source: stripTypeScriptTypes(text), shortCircuit: true };
  },
});

const escapes: string[] = [];
let label = '';
for (const name of [MARKER, 'evil'])
  Object.defineProperty(globalThis, name, {
    get: () => void escapes.push(`${label}: read ${name}`),
    set() {
      escapes.push(`${label}: set ${name}`);
    },
  });

/** Whatever is asked of it: a value, a list, a function. */
const anything: unknown = new Proxy(() => anything, {
  get: (_, name) => {
    if (name === Symbol.toPrimitive) return () => 'x';
    if (name === Symbol.iterator) return () => [][Symbol.iterator]();
    if (name === 'toJSON' || name === 'toString') return () => 'x';
    return name === 'then' ? undefined : anything;
  },
  apply: () => anything,
});

const counts = { modules: 0, calls: 0 };

function callAll(value: unknown, args: readonly unknown[], depth: number): void {
  if (depth > 6 || value === anything) return;
  if (typeof value === 'function') {
    counts.calls += 1;
    try {
      callAll((value as (...given: readonly unknown[]) => unknown)(...args), args, depth + 1);
    } catch {
      // What it makes of such arguments does not matter.
    }
  } else if (typeof value === 'object' && value !== null)
    for (const child of Object.values(value)) callAll(child, args, depth + 1);
}

const source = {
  id: '1',
  changed: '2026-01-01T00:00:00Z',
  name: 'a',
  stage: 'won',
  other: 'AB',
  lines: [{ label: 'a' }],
};
const problems: string[] = [];
for (const [index, [name, files]] of emissions.entries()) {
  label = name;
  for (const [path] of files) {
    // It would start the service; what it holds is compared only.
    if (path === '' || path === 'src/main.ts') continue;
    try {
      const exported = (await import(new URL(`${index}/${path}`, ROOT).href)) as Readonly<
        Record<string, unknown>
      >;
      counts.modules += 1;
      for (const value of Object.values(exported)) {
        callAll(value, [anything, anything, anything, anything], 0);
        callAll(value, [source, createMapper(''), { found: {}, ids: {} }, { LABEL: 'x' }], 0);
      }
    } catch (error) {
      problems.push(`${name}: ${path}: ${String(error)}`);
    }
  }
}
process.stdout.write(`${JSON.stringify({ ...counts, escapes, problems })}\n`);
process.exit(0);
