import { parseArgs } from 'node:util';
import { benchGen } from './bench-gen.ts';
import { benchMap } from './bench-map.ts';
import { benchMemory } from './bench-memory.ts';
import { benchNodeRed } from './bench-node-red.ts';
import { benchStart } from './bench-start.ts';
import { benchSync, benchSyncAt1Ms } from './bench-sync.ts';
import { isMet, renderJson, renderText } from './outcome.ts';

/** `npm run bench -- [--json] [--only <name>] [--records <count>]`: ratios measured in one run on one machine. Exit 1 where a target is missed. */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    records: { type: 'string', default: '1000000' },
  },
});

for (const benchmark of [
  benchGen,
  benchMap,
  benchStart,
  benchSync,
  benchSyncAt1Ms,
  benchNodeRed,
  benchMemory,
]) {
  if (values.only.length > 0 && !benchmark.names.some((name) => values.only.includes(name))) continue;
  for (const outcome of await benchmark.run({ records: Number(values.records) })) {
    process.stdout.write(`${values.json ? renderJson(outcome) : renderText(outcome)}\n`);
    if (!isMet(outcome)) process.exitCode = 1;
  }
}
