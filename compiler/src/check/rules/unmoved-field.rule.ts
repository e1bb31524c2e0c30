import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { nameOperation } from '../../model/api-model.ts';
import type { FlowModel } from '../../model/integration-model.ts';
import { childOf, formatPath } from '../../source/source-ref.ts';
import type { Gate } from '../gate-context.ts';

/** How fields are called that say when something happened once. */
const ONCE =
  /^(?:created?|creation|inserted|added|sent|started?|issued|placed|ordered|received|submitted|opened|registered|signed|joined|booked|paid|born)$/i;
const MOVES =
  /^(?:updated?|modified|modification|changed?|edited|touched|synced|last|latest|revised|revision)$/i;

/** Opens where a flow reads on from a field that does not move with every change, and says that it does something about changes. */
export const unmovedFieldGate: Gate = {
  name: 'unmoved-field',
  check(context) {
    for (const { flow } of context.flows) {
      const { changes, operation } = flow.source;
      const field = changes === undefined || changes.full ? undefined : changes.field;
      const loss = describeLoss(flow);
      if (changes === undefined || field === undefined || loss === undefined || !isOnce(field.text)) continue;
      const at = childOf(changes.origin, 'field');
      const what = { flow: flow.name, field: field.text, operation: nameOperation(operation), loss };
      context.found.push(
        createDiagnostic('unmoved-field', what, at, {
          related: [{ at: operation.origin, message: 'what is read' }],
          fix: `field: …   # one that moves with every change, and its filter in "with"; or changes: { full: true, first: … }; or later: { changed: ignore }, and no keep\n# or, where it moves all the same:\nallow:\n  - { code: unmoved-field, at: "${formatPath(at.path)}", because: …, until: … }`,
        }),
      );
    }
  },
};

function isOnce(path: string): boolean {
  const name = path.split('.').at(-1) ?? '';
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[^A-Za-z0-9]+/);
  // `createdate`, `datesent` and their like are one word.
  const parts = words.flatMap((word) => [word, ...word.split(/date|time|at$|on$/i)]);
  return parts.some((part) => ONCE.test(part)) && !parts.some((part) => MOVES.test(part));
}

function describeLoss({ keep, later }: FlowModel): string | undefined {
  const lost = [
    ...(later.changed === 'update' || later.changed === 'review'
      ? [`what "changed: ${later.changed}" is for is never seen`]
      : []),
    ...(keep.length > 0 ? ['a record that "keep" leaves out is never looked at again'] : []),
  ];
  return lost.length === 0 ? undefined : lost.join(', and ');
}
