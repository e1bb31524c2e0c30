import type { Host } from '../source/host.ts';
import { hashText } from '../write/output-lock.ts';
import type { OutputLock } from '../write/output-lock.ts';
import { readText } from '../write/read-text.ts';

interface Generated {
  readonly host: Host;
  /** The rules file, and the folder that was made from it, both absolute. */
  readonly entry: string;
  readonly folder: string;
  readonly lock: OutputLock | undefined;
  readonly display: (file: string) => string;
}

/** What makes a generated service another than the one that the rules give now. @param files below the folder */
export function listStale(
  { host, entry, folder, lock, display }: Generated,
  files: readonly string[],
): readonly string[] {
  const name = display(entry);
  const rules = readText(host, entry) ?? '';
  const isSame = lock?.inputs[host.relative(host.resolve(entry, '..'), entry)] === hashText(rules);
  const edited = files.filter(
    (file) => lock?.files[file] !== hashText(readText(host, host.resolve(folder, file)) ?? ''),
  );
  return [
    ...(isSame
      ? []
      : [`${display(folder)} was not made from ${name} as it is now: run mortise gen ${name}.`]),
    ...edited.map((file) => `${file} is not as it was emitted: run mortise gen --check.`),
  ];
}
