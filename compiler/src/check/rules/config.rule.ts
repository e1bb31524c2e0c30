import { createDiagnostic } from '../../diagnostics/create-diagnostic.ts';
import { keyAt } from '../../source/source-ref.ts';
import type { Gate } from '../gate-context.ts';
import { listRecordReads } from '../list-reads.ts';

/** A setting that no expression reads: whoever runs the service would have to give it a value that changes nothing. */
export const configGate: Gate = {
  name: 'config',
  check({ model, expressions, found }) {
    const reads = [...expressions.values()].flatMap(({ tree }) => listRecordReads(tree, 'config'));
    if (reads.some(({ path }) => path === undefined)) return;
    const read = new Set(reads.map(({ path }) => path?.text.split(/[.[]/)[0]));
    for (const name of Object.keys(model.rules.config ?? {}))
      if (!read.has(name))
        found.push(
          createDiagnostic('unused-config', { name }, keyAt(model.workspace.rulesFile, ['config', name])),
        );
  },
};
