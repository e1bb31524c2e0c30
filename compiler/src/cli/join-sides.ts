import type { PlaceReader } from '../diagnostics/render-text.ts';
import { VARIANCE_RULES } from '../drift/variance-rules.ts';
import type { Variance } from '../drift/variance.ts';
import type { Host } from '../source/host.ts';
import type { SourceRef } from '../source/source-ref.ts';
import type { DriftSide } from './drift-sides.ts';
import { createPlaceReader } from './read-places.ts';

const MARKS = { before: 'before\0', after: 'after\0' } as const;

/** Both sides have files of the same names: here each is marked with its side, and read from there. */
export function joinSides(
  host: Host,
  folder: string,
  sides: Readonly<Record<'before' | 'after', DriftSide>>,
): PlaceReader {
  const find = (file: string): { readonly side: DriftSide | undefined; readonly path: string } => {
    for (const name of ['before', 'after'] as const)
      if (file.startsWith(MARKS[name])) return { side: sides[name], path: file.slice(MARKS[name].length) };
    return { side: undefined, path: file };
  };
  return createPlaceReader(
    {
      ...host,
      readFile(file) {
        const { side, path } = find(file);
        return (side?.host ?? host).readFile(path);
      },
      relative(from, file) {
        const { side, path } = find(file);
        return side === undefined ? host.relative(from, path) : side.name(path);
      },
    },
    folder,
  );
}

export function markSides(variance: Variance): Variance {
  const mark = (at: SourceRef, side: keyof typeof MARKS): SourceRef => ({
    ...at,
    file: MARKS[side] + at.file,
  });
  const { before, after } = variance;
  // A recording is held against the newer description, and lies where the service lies.
  if (VARIANCE_RULES[variance.id].side === 'recording') return { ...variance, before: mark(before, 'after') };
  return { ...variance, before: mark(before, 'before'), after: mark(after, 'after') };
}
