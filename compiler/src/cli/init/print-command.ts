import type { InitOptions } from './init-options.ts';

/** The command line that gives the same rules without a question. */
export function printCommand(options: InitOptions): string {
  const { name, source, target, read, write, key, changed, pages, leaveOut, output, policy, force } = options;
  const flags: readonly (readonly [string, string | undefined])[] = [
    ...source.map((path) => ['source', path] as const),
    ...target.map((path) => ['target', path] as const),
    ['read', read],
    ['write', write],
    ['key', key],
    ['changed', changed],
    ['pages', pages],
    ...leaveOut.map((field) => ['leave-out', field] as const),
    ['output', output],
    ['policy', policy],
  ];
  const said = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${quote(value)}`]));
  return ['mortise init', name, ...said, ...(force ? ['--force'] : [])].join(' ');
}

/** As a shell takes it for one word. */
function quote(text: string): string {
  return /^[\w./=@:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
