import type { Host } from '../source/host.ts';
import { parseYamlFile } from '../source/yaml-file.ts';
import { readText } from '../write/read-text.ts';

/** Where the rules write to, without the checks that a compilation makes. */
export function readOutput(host: Host, entry: string): string {
  const text = readText(host, entry);
  const value = text === undefined ? undefined : /^output:\s*(\S.*?)\s*(?:#.*)?$/m.exec(text)?.[1];
  return value === undefined || /^['"]/.test(value)
    ? String((parseYamlFile(entry, text ?? '').value as { output?: unknown } | undefined)?.output ?? '.')
    : value;
}
