import type { Host } from '../source/host.ts';

/** The file's text, undefined where there is none; empty where it is not UTF-8, which no file of Mortise's is. */
export function readText(host: Host, path: string): string | undefined {
  try {
    return host.readFile(path);
  } catch {
    return '';
  }
}
