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

const EVERYWHERE = { json: 'boolean', help: 'boolean' } as const;

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
    Object.entries({ ...command.options, ...EVERYWHERE }).map(([key, type]) => [key, { type }]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options,
      allowPositionals: true,
      allowNegative: true,
    });
    if (values['help'] === true)
      return { kind: 'help', text: `${command.summary}\n\nUsage: ${command.usage}\n`, exitCode: 0 };
    return {
      kind: 'command',
      command,
      args: positionals,
      options: values as Record<string, string | boolean | undefined>,
    };
  } catch (error) {
    throw operatorError(`${(error as Error).message}\nUsage: ${command.usage}`);
  }
}

function renderHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((entry) => entry.name.length));
  const lines = commands.map((entry) => `  ${entry.name.padEnd(width)}  ${entry.summary}`);
  return `${lines.join('\n')}\n\nHow one is used: <command> --help. Answers are for people on a terminal and JSON\nelsewhere; --json and --no-json choose.\n`;
}
