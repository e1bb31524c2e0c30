import type { PlaceReader } from '../diagnostics/render-text.ts';
import type { Host } from '../source/host.ts';
import { parseYamlFile } from '../source/yaml-file.ts';
import type { YamlFile } from '../source/yaml-file.ts';

/** Finds places in files, parsing a file with positions only once a message points into it. */
export function createPlaceReader(host: Host, folder: string): PlaceReader {
  const parsed = new Map<string, YamlFile>();
  const read = (file: string): YamlFile => {
    const known = parsed.get(file) ?? parseYamlFile(file, readText(host, file));
    parsed.set(file, known);
    return known;
  };
  return {
    locate: (ref) => read(ref.file).locate(ref),
    lineText: (file, line) => read(file).lines.lineText(line),
    displayName: (file) => host.relative(folder, file),
  };
}

function readText(host: Host, file: string): string {
  try {
    return host.readFile(file) ?? '';
  } catch {
    return '';
  }
}
