import type { Result } from '../diagnostics/diagnostic.ts';
import { readSystems } from '../resolve/read-systems.ts';
import type { Descriptions } from '../resolve/read-systems.ts';
import type { Host } from '../source/host.ts';
import { parseYamlFile } from '../source/yaml-file.ts';
import type { RulesSketch } from './editor-schema.ts';

type Node = Readonly<Record<string, unknown>>;

/** What can be known of a rules file that somebody is still writing: whatever is not as it should be is passed over. */
export function readSketch(host: Host, entry: string): Result<RulesSketch> {
  const text = host.readFile(entry) ?? '';
  const rules = asNode(parseYamlFile(entry, text).value);
  const descriptions: Record<string, Descriptions[string]> = {};
  for (const [name, system] of Object.entries(asNode(rules['systems']))) {
    const { spec, overlays } = asNode(system);
    if (typeof spec !== 'string' && !isTexts(spec)) continue;
    descriptions[name] = { spec, ...(isTexts(overlays) ? { overlays } : {}) };
  }
  const [systems, found] = readSystems(host, entry, descriptions);
  const targets = Object.values(asNode(rules['flows'])).flatMap((flow) => {
    const { to } = asNode(flow);
    return Array.isArray(to) ? to.flatMap((target) => readTarget(asNode(target))) : [];
  });
  const settings = [...new Set(text.match(/\$[A-Z][A-Z0-9_]*/g) ?? [])].toSorted();
  return [{ systems, targets, settings }, found];
}

function readTarget({ system, write, create, item }: Node): RulesSketch['targets'] {
  const call = write ?? create;
  if (typeof system !== 'string' || typeof call !== 'string') return [];
  return [{ system, write: call, item: typeof item === 'string' ? item : undefined }];
}

function asNode(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
