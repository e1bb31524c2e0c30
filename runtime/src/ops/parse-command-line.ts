import { parseArgs } from 'node:util';
import { operatorError } from '../errors.ts';
import type { Command } from './command.ts';

export type ParsedLine =
  | { readonly kind: 'help'; readonly text: string; readonly exitCode: number }
  | {
      readonly kind: 'command';
      readonly command: Command;
      readonly args: readonly string[];
      readonly options: Readonly<Record<string, string | boolean | undefined>>;
    };

export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): ParsedLine {
  const [name = 'help', ...rest] = argv;
  if (name === 'help' || name === '--help' || name === '-h')
    return { kind: 'help', text: renderHelp(commands), exitCode: 0 };
  const command = commands.find((entry) => entry.name === name);
  if (command === undefined)
    throw operatorError(
      `There is no command "${name}". Commands: ${commands.map((entry) => entry.name).join(', ')}.`,
    );
  const options = Object.fromEntries(
    Object.entries({ ...command.options, json: 'boolean' as const }).map(([key, type]) => [key, { type }]),
  );
  try {
    const parsed = parseArgs({ args: rest, options, allowPositionals: true });
    return {
      kind: 'command',
      command,
      args: parsed.positionals,
      options: parsed.values as Record<string, string | boolean | undefined>,
    };
  } catch (error) {
    throw operatorError(`${(error as Error).message}\nUsage: ${command.usage}`);
  }
}

function renderHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((entry) => entry.usage.length));
  return `${commands.map((entry) => `  ${entry.usage.padEnd(width)}  ${entry.summary}`).join('\n')}\n`;
}
