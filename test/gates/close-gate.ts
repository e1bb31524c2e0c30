import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import type { Host } from '../../compiler/src/source/host.ts';
import { ROOT } from '../run-process.ts';
import { GATES } from './closings.ts';
import type { GateCase } from './closings.ts';

/** One way to close one gate: the rules of its case with one edit, where they stand. */
export interface Closing {
  /** As a folder's name: `blank-each-kind-by-itself`. */
  readonly name: string;
  readonly gate: GateCase;
  readonly rules: string;
  readonly host: Host;
}

export function findRules({ open }: GateCase): string {
  return join(ROOT, 'test/cases', open, 'integration.rules.yaml');
}

/** @throws Error where the text to replace does not stand in the rules once */
export function listClosings(gate: GateCase): Closing[] {
  return Object.entries(gate.closings).map(([how, edit]) => {
    const edits = typeof edit === 'string' ? [{ from: gate.from, to: edit }] : [edit].flat();
    const rules = findRules(gate);
    const text = edits.reduce(
      (before, { from, to }) => {
        if (before.split(from).length !== 2) throw new Error(`"${from}" does not stand once in ${rules}.`);
        return before.replace(from, () => to);
      },
      readFileSync(rules, 'utf8'),
    );
    const disk = createNodeHost();
    const host = { ...disk, readFile: (path: string) => (path === rules ? text : disk.readFile(path)) };
    const name = `${gate.gate}-${how}`
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replace(/-$/, '');
    return { name, gate, rules, host };
  });
}

export function listAllClosings(): Closing[] {
  return GATES.flatMap(listClosings);
}
