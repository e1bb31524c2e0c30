import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Before all tests: the hundreds of processes that they start, and vitest's own, share what Node has compiled, for
 * loading is most of the work of a process that soon ends.
 */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-compiled-'));
  process.env['NODE_COMPILE_CACHE'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 9, retryDelay: 100 });
}
