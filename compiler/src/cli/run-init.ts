import type { Host } from '../source/host.ts';
import { init, initByQuestions } from './commands/init.ts';
import type { GivenOptions } from './init/ask-init.ts';
import { createClackPrompter } from './init/clack-prompter.ts';

const LIST = { type: 'string', array: true } as const;
const TEXT = { type: 'string' } as const;

/** What `mortise init` takes. */
export const INIT_OPTIONS = {
  source: {
    ...LIST,
    describe: 'the description that is read, as crm=./crm.yaml; several files of one system, one by one',
  },
  target: { ...LIST, describe: 'the description that is written to' },
  read: { ...TEXT, describe: 'the operation that is read (default: the likeliest)' },
  write: { ...TEXT, describe: 'the operation that writes (default: the likeliest)' },
  key: { ...TEXT, describe: 'the field that names a record (default: the likeliest)' },
  changed: { ...TEXT, describe: 'the field that tells that a record has changed (default: the likeliest)' },
  pages: { ...TEXT, describe: 'a line of "pages", or later (default: what the description shows)' },
  'leave-out': { ...LIST, describe: 'a field of the target that is not filled' },
  output: { ...TEXT, describe: 'the folder of the service, seen from specs/ (default: ../generated/<name>)' },
  policy: { ...TEXT, describe: 'standard, or later (default: later, marked TODO)' },
  force: { type: 'boolean', describe: 'write over a rules file that is there', default: false },
  yes: { type: 'boolean', describe: 'ask nothing: what is not given is the likeliest', default: false },
} as const;

export interface RunInitOptions {
  readonly given: GivenOptions & { readonly yes: boolean };
  readonly print: (text: string) => void;
}

/** Asks on a terminal for what is not given; elsewhere both descriptions must be. @returns the exit code */
export async function runInit(host: Host, folder: string, { given, print }: RunInitOptions): Promise<number> {
  const { stdin, stdout } = process;
  const asks = stdin.isTTY && stdout.isTTY && process.env['CI'] === undefined && !given.yes;
  if (asks) {
    const prompter = await createClackPrompter({ input: stdin, output: stdout });
    return initByQuestions(host, folder, given, prompter, print);
  }
  const { name, source, target } = given;
  if (name === undefined || source === undefined || target === undefined) {
    print(
      'Give a name, --source and --target; on a terminal "mortise init" asks. See mortise init --help.\n',
    );
    return 2;
  }
  const { read, write, key, changed, pages, leaveOut = [], output, policy, force = false } = given;
  const options = { name, source, target, read, write, key, changed, pages, leaveOut, output, policy, force };
  return init(host, folder, options, print);
}
