import yargs from 'yargs';
import type { Argv } from 'yargs';
import { CALL_CLASSES } from '../model/rules-input.ts';
import { createNodeHost } from '../source/node-host.ts';
import { check } from './commands/check.ts';
import { decisions } from './commands/decisions.ts';
import { drill } from './commands/drill.ts';
import { drift } from './commands/drift.ts';
import { explain } from './commands/explain.ts';
import { explainPlace } from './commands/explain-place.ts';
import { explainService } from './commands/explain-service.ts';
import { gen } from './commands/gen.ts';
import { record } from './commands/record.ts';
import { schema } from './commands/schema.ts';
import { readVersion } from './read-assets.ts';
import { INIT_OPTIONS, runInit } from './run-init.ts';
import { readQuestion } from './trace-question.ts';

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

function describeDrift(command: Argv) {
  return command
    .positional('rules', RULES)
    .option('from', {
      describe:
        'the older descriptions: a commit, a folder that holds them as they lie beside the rules, or one file',
      type: 'string',
      default: 'HEAD',
    })
    .option('to', { describe: 'the newer ones (default: the files as they are)', type: 'string' })
    .option('system', {
      describe: 'only this system; with a file: the one that it describes',
      type: 'string',
    })
    .option('recordings', {
      describe:
        'also hold the recordings of the service against the newer descriptions, and map the recorded records by both',
      type: 'boolean',
      default: false,
    })
    .option('fail-on', {
      describe:
        'exit 1 from this level on. WIRE: a call is refused, or its answer cannot be read; MEANING: a value or a decision means something else; SOURCE: only generated text differs',
      choices: ['WIRE', 'MEANING', 'SOURCE'] as const,
      default: 'MEANING' as const,
    })
    .option('all', {
      describe: 'also what changed and reaches nothing here',
      type: 'boolean',
      default: false,
    })
    .option('format', FORMAT)
    .example('$0 drift', 'the descriptions of the work tree against those of the last commit')
    .example('$0 drift --from v1.4', 'against those of a tag')
    .example('$0 drift --recordings', 'and what was recorded')
    .example('$0 drift --system crm --from crm-2026-01.yaml', 'one description against an older file')
    .example(
      '$0 drift --system crm --from specs/crm.yaml --to crm-beta.yaml',
      'what a newer one would bring',
    );
}

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
      'drift [rules..]',
      'say what changed of the descriptions where the rules use them',
      describeDrift,
      (args) => keep(drift(host, folder, { ...args, to: args.to, system: args.system }, print)),
    )
    .command(
      'explain [what..]',
      'explain a code, a key of the rules ("rules": the whole language), what the service does at a failure, or where a line comes from',
      (command) =>
        command
          .positional('what', {
            describe:
              'a code, a key, a place (src/main.ts:12), a line of the log or of an alert; with --call or --field: the rules file',
            type: 'string',
            array: true,
            default: [] as string[],
          })
          .option('call', { describe: 'a call of the service, as crm.read', type: 'string' })
          .option('status', { describe: 'the status that it is answered with', type: 'number' })
          .option('class', { describe: 'how it fails without an answer', choices: CALL_CLASSES })
          .option('retry-after', { describe: 'what the answer names, in seconds', type: 'string' })
          .option('field', { describe: 'a field that is mapped, as customers.EmailAddress', type: 'string' })
          .option('value', { describe: 'what it gets; left out: nothing', type: 'string' })
          .option('null', { describe: 'it gets null', type: 'boolean', default: false })
          .option('format', {
            describe: 'how it is printed',
            choices: ['text', 'json'] as const,
            default: 'text' as const,
          }),
      ({ what, call, field, ...args }) => {
        if (call === undefined && field === undefined && what.length === 0) {
          const usage =
            'mortise explain [what..]\n\nSay what to explain: a code, a key of the rules, --call or --field.';
          process.stderr.write(`${usage} See mortise explain --help.\n`);
          exitCode = 2;
          return;
        }
        if (call === undefined && field === undefined) {
          // Which service a line of a log is of, where there are several.
          const rules = what.length > 1 ? what.filter((word) => word.endsWith('.rules.yaml')) : [];
          const text = what.filter((word) => !rules.includes(word)).join(' ');
          const question = readQuestion(host, folder, text);
          if (question !== undefined)
            return keep(explainPlace(host, folder, { question, rules, format: args.format }, print));
          return keep(explain(host, text, print));
        }
        const { status, value, retryAfter, null: isNull, format } = args;
        const asked = { call, field, status, class: args.class, retryAfter, value, null: isNull, format };
        return keep(explainService(host, folder, { ...asked, rules: what }, print));
      },
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
      'drill [what..]',
      'have the generated service live through an outage in virtual time: drill --target ledger down=6h',
      (command) =>
        command
          .positional('what', {
            describe: 'down=6h, timeout=30m or 503=2h; and the rules file (default: specs/*.rules.yaml)',
            type: 'string',
            array: true,
            default: [] as string[],
          })
          .option('target', { describe: 'the system that is away', type: 'string' })
          .option('flow', { describe: 'only this flow', type: 'string' })
          .option('rate', { describe: 'records that change, as "400 per 1d"', type: 'string' })
          .option('svg', { describe: 'a file for a picture of it', type: 'string' })
          .option('format', {
            describe: 'how it is printed',
            choices: ['text', 'json'] as const,
            default: 'text' as const,
          }),
      ({ what, format, target, flow, rate, svg }) =>
        keep(drill(host, folder, { what, format, options: { target, flow, rate, svg } }, print)),
    )
    .command(
      'init [name]',
      'write specs/<name>.rules.yaml for two descriptions, with what must be decided marked TODO; on a terminal it asks',
      (command) => command.positional('name', { type: 'string' }).options(INIT_OPTIONS),
      (given) => keep(runInit(host, folder, { given, print })),
    )
    .demandCommand(1, 'Say what to do: init, gen, check, decisions, drift, drill, explain, record or schema.')
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
