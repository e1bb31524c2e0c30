import { createTwoFilesPatch } from 'diff';

const LONGEST = 60;

/** A unified diff from what stands on the disk to what the rules give, cut to what a person reads. */
export function diffText(path: string, onDisk: string, fromRules: string): string {
  const patch = createTwoFilesPatch(
    `${path} (on the disk)`,
    `${path} (from the rules)`,
    onDisk,
    fromRules,
    '',
    '',
    { context: 2 },
  );
  const lines = patch.split('\n').slice(1);
  return lines.length <= LONGEST
    ? lines.join('\n')
    : [...lines.slice(0, LONGEST), `… ${lines.length - LONGEST} more lines`].join('\n');
}
