import { compileHostile } from '../hostile/compile-hostile.ts';
import { createHostileProject } from '../hostile/hostile-project.ts';
import { POSITIONS } from '../hostile/positions.ts';
import type { Position } from '../hostile/positions.ts';

/** The pages of services in whose rules and descriptions a text stands in every place that takes it. */
export async function emitHostilePages(text: string): Promise<string[]> {
  return emitAt(
    text,
    POSITIONS.filter(({ alone }) => !alone),
  );
}

/** Where one place refuses the text, each half of them is tried, so that it is in all the others. */
async function emitAt(text: string, positions: readonly Position[]): Promise<string[]> {
  if (positions.length === 0) return [];
  const project = createHostileProject();
  for (const position of positions) position.put(project, text);
  const { kind, files } = await compileHostile(project);
  if (kind === 'emitted') return [files.get('docs/index.html') ?? ''];
  if (positions.length === 1) return [];
  const half = Math.ceil(positions.length / 2);
  return [...(await emitAt(text, positions.slice(0, half))), ...(await emitAt(text, positions.slice(half)))];
}
