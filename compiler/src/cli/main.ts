import yargs from 'yargs';
import { createNodeHost } from '../source/node-host.ts';
import { check } from './commands/check.ts';
import { decisions } from './commands/decisions.ts';
import { explain } from './commands/explain.ts';
import { gen } from './commands/gen.ts';
import { init } from './commands/init.ts';
import { record } from './commands/record.ts';
import { schema } from './commands/schema.ts';
import { readVersion } from './read-assets.ts';

const RULES = {
  describe: 'rules files (default: specs/*.rules.yaml)',
  type: 'string',
  array: true,
  default: [] as string[],
} as const;
const FORMAT = {
  describe: 'how findings are printed',
  choices: ['text', 'json', 'github'] as const,
  default: 'text' as const,
};

/** The command line. @returns the exit code: 0 ok, 1 findings or drift, 2 usage or a fault of Mortise's own */
export async function main(argv: readonly string[]): Promise<number> {
  const host = createNodeHost();
  const folder = process.cwd();
  const print = (text: string): void => void process.stdout.write(text);
  let exitCode = 0;
  const keep = async (code: number | Promise<number>): Promise<void> => {
    exitCode = await code;
  };
  await yargs([...argv])
    .scriptName('mortise')
    .locale('en')
    .version(readVersion(host))
    .command(
      'gen [rules..]',
      'write the service that the rules describe',
      (command) =>
        command
          .positional('rules', RULES)
          .option('check', {
            describe: 'write nothing; exit 1 when something would change',
            type: 'boolean',
            default: false,
          })
          .option('full', {
            describe: 'with --check: compile again, whatever the lock says',
            type: 'boolean',
            default: false,
          })
          .option('force', {
            describe: 'overwrite files that were edited by hand',
            type: 'boolean',
            default: false,
          })
          .option('vendor-runtime', {
            describe: 'put the runtime beside the service, so that it stands alone',
            type: 'boolean',
            default: false,
          })
          .option('output', { describe: 'another folder than the rules name', type: 'string' })
          .option('format', FORMAT),
      (args) =>
        keep(gen(host, folder, { ...args, vendorRuntime: args.vendorRuntime, output: args.output }, print)),
    )
    .command(
      'check [rules..]',
      'say everything that is wrong or undecided',
      (command) => command.positional('rules', RULES).option('format', FORMAT),
      (args) => keep(check(host, folder, args, print)),
    )
    .command(
      'decisions [rules..]',
      'print the register of decisions',
      (command) =>
        command
          .positional('rules', RULES)
          .option('diff', { describe: 'only what is decided otherwise than at this commit', type: 'string' })
          .option('deny-inherited', {
            describe: 'gates that no policy may answer; exit 1 where one does',
            type: 'string',
            array: true,
          })
          .option('format', FORMAT),
      (args) =>
        keep(decisions(host, folder, { ...args, diff: args.diff, denyInherited: args.denyInherited }, print)),
    )
    .command(
      'explain <what>',
      'explain a code or a key of the rules; "rules": the whole language',
      (command) => command.positional('what', { type: 'string', demandOption: true }),
      (args) => keep(explain(host, args.what, print)),
    )
    .command(
      'schema [rules..]',
      'write a JSON Schema for editors beside each rules file, with its operations and fields',
      (command) => command.positional('rules', RULES),
      (args) => keep(schema(host, folder, args, print)),
    )
    .command(
      'record <rules> [flows..]',
      'have the generated service record real exchanges, redacted, for its tests (never in CI)',
      (command) =>
        command
          .positional('rules', { type: 'string', demandOption: true })
          .positional('flows', { describe: 'default: all of them', type: 'string', array: true })
          .option('pages', { describe: 'pages of a source (default: 2)', type: 'string' })
          .option('limit', { describe: 'records that are looked up for (default: 10)', type: 'string' })
          .option('since', { describe: 'changes since this moment', type: 'string' })
          .option('write', { describe: 'a write that goes out, as "POST /Contacts"', type: 'string' })
          .option('to', { describe: 'with --write: the base URL of the sandbox', type: 'string' }),
      ({ rules, flows = [], pages, limit, since, write, to }) =>
        keep(record(host, folder, { rules, flows, options: { pages, limit, since, write, to } }, print)),
    )
    .command(
      'init <name>',
      'write specs/<name>.rules.yaml for two descriptions, with what must be decided marked TODO',
      (command) =>
        command
          .positional('name', { type: 'string', demandOption: true })
          .option('source', {
            describe:
              'the description that is read, as crm=./crm.yaml; several files of one system, one by one',
            type: 'string',
            array: true,
            demandOption: true,
          })
          .option('target', {
            describe: 'the description that is written to',
            type: 'string',
            array: true,
            demandOption: true,
          })
          .option('read', { describe: 'the operation that is read (default: the likeliest)', type: 'string' })
          .option('write', { describe: 'the operation that writes (default: the likeliest)', type: 'string' })
          .option('force', {
            describe: 'write over a rules file that is there',
            type: 'boolean',
            default: false,
          }),
      (args) => keep(init(host, folder, { ...args, read: args.read, write: args.write }, print)),
    )
    .demandCommand(1, 'Say what to do: init, gen, check, decisions, explain, record or schema.')
    .strict()
    .exitProcess(false)
    .fail((message, error: Error | undefined, self) => {
      exitCode = 2;
      process.stderr.write(error === undefined ? `${message}\n\n` : `${error.stack ?? error.message}\n`);
      if (error === undefined) self.showHelp('error');
    })
    .parseAsync()
    .catch(() => undefined);
  return exitCode;
}
