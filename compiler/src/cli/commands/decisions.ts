import { didYouMean } from '../../diagnostics/suggest.ts';
import { hasErrors } from '../../diagnostics/diagnostic.ts';
import type { CheckedModel, DecisionEntry } from '../../model/checked-model.ts';
import { checkIntegration } from '../../pipeline.ts';
import { createGitHost } from '../../source/git-host.ts';
import type { GitHost } from '../../source/git-host.ts';
import type { Host } from '../../source/host.ts';
import { diffDecisions } from '../diff-decisions.ts';
import { findRules } from '../find-rules.ts';
import { printFindings } from '../print-findings.ts';
import type { Format } from '../print-findings.ts';
import { createPlaceReader } from '../read-places.ts';

export interface DecisionsArgs {
  readonly rules: readonly string[];
  readonly format: Format;
  /** A commit: only what is decided otherwise than there is printed. */
  readonly diff?: string | undefined;
  /** Gates of which no decision may come from a policy. */
  readonly denyInherited?: readonly string[] | undefined;
}

/** As the register names them. */
const GATES: readonly string[] =
  'blank invalid enum type unmapped status success once found pages changes first later keep quota alert allow custom unsupported'.split(
    ' ',
  );

interface Run {
  readonly host: Host;
  readonly folder: string;
  readonly args: DecisionsArgs;
  readonly print: (text: string) => void;
}

/** `mortise decisions`: the register of what was decided, by whom, and why. @returns the exit code */
export async function decisions(
  host: Host,
  folder: string,
  args: DecisionsArgs,
  print: (text: string) => void,
): Promise<number> {
  const entries = findRules(host, folder, args.rules, print);
  if (entries.length === 0) return 2;
  const unknown = args.denyInherited?.find((gate) => !GATES.includes(gate));
  if (unknown !== undefined) {
    print(`There is no gate "${unknown}".${didYouMean(unknown, GATES)} The gates are ${GATES.join(', ')}.\n`);
    return 2;
  }
  const run = { host, folder, args, print };
  let code = 0;
  for (const entry of entries) {
    const checked = await checkAt(run, host, entry);
    if (checked === undefined) return 1;
    const failed = args.diff === undefined ? printAll(run, checked) : await printDiff(run, entry, checked);
    code = Math.max(code, failed, denyInherited(run, checked));
  }
  return code;
}

async function checkAt(run: Run, host: Host, entry: string): Promise<CheckedModel | undefined> {
  const [checked, found] = await checkIntegration(host, entry);
  if (checked !== undefined && !hasErrors(found)) return checked;
  run.print(printFindings(host, run.folder, found, run.args.format));
  return undefined;
}

function printAll(run: Run, { register }: CheckedModel): number {
  for (const decision of register) {
    if (run.args.format === 'json')
      run.print(`${JSON.stringify({ ...decision, origin: placeOf(run, decision) })}\n`);
    else run.print(`${decision.gate.padEnd(8)} ${decision.subject}: ${describe(run, decision)}\n`);
  }
  return 0;
}

/** What a client signs: each decision that is not what it was. */
async function printDiff(run: Run, entry: string, checked: CheckedModel): Promise<number> {
  const { host, folder, args, print } = run;
  const ref = args.diff ?? '';
  let past: GitHost;
  try {
    past = createGitHost(host, folder, ref);
  } catch {
    print(`git knows no commit "${ref}" here.\n`);
    return 2;
  }
  if (!past.holds(entry)) {
    print(
      `${host.relative(folder, entry)} is not in the repository of this folder, so there is no older register to compare with.\n`,
    );
    return 2;
  }
  const isNew = past.readFile(entry) === undefined;
  const before = isNew ? undefined : await checkAt(run, past, entry);
  if (!isNew && before === undefined) {
    print(`At ${ref}, the rules had the findings above, so there was no register to compare with.\n`);
    return 1;
  }
  const changes = diffDecisions(before?.register ?? [], checked.register);
  if (changes.length === 0 && args.format === 'text')
    print(`${host.relative(folder, entry)}: everything is decided as at ${ref}\n`);
  for (const { kind, now, before: was } of changes) {
    const of = now ?? was;
    if (of === undefined) continue;
    if (args.format === 'json') {
      const view = (given: DecisionEntry | undefined) =>
        given && { chosen: given.chosen, from: given.from, because: given.because };
      const place = now === undefined ? undefined : placeOf(run, now);
      print(
        `${JSON.stringify({ kind, gate: of.gate, subject: of.subject, before: view(was), now: view(now), origin: place })}\n`,
      );
    } else {
      const text = now === undefined ? `was ${was?.chosen ?? ''} (${was?.from ?? ''})` : describe(run, now);
      const earlier = was === undefined || now === undefined ? '' : `${was.chosen} (${was.from}) → `;
      print(`${kind.padEnd(8)} ${of.gate.padEnd(8)} ${of.subject}: ${earlier}${text}\n`);
    }
  }
  return 0;
}

/** Strict clients want some gates answered by their own people, whatever the policy says. */
function denyInherited(run: Run, { register }: CheckedModel): number {
  const denied = new Set(run.args.denyInherited ?? []);
  const inherited = register.filter(({ gate, from }) => from === 'policy' && denied.has(gate));
  for (const entry of inherited)
    run.print(
      `${placeOf(run, entry)}: "${entry.gate}" of ${entry.subject} is inherited (${entry.chosen}); write it here\n`,
    );
  return inherited.length === 0 ? 0 : 1;
}

function describe(run: Run, { chosen, from, because, ...entry }: DecisionEntry): string {
  const reason = because === undefined ? '' : ` – ${because}`;
  return `${chosen} (${from}, ${placeOf(run, entry)})${reason}`;
}

function placeOf({ host, folder }: Run, { origin }: Pick<DecisionEntry, 'origin'>): string {
  const places = createPlaceReader(host, folder);
  const at = places.locate(origin);
  return `${places.displayName(at.file)}:${at.line}`;
}
