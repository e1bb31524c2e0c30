import { runShare } from './run-suite.ts';
import type { Share } from './run-suite.ts';

/** A process of its own that runs a share of the suite and sends what came of it to its parent. */
const results = await runShare(JSON.parse(process.argv[2] ?? '{}') as Share);
process.send?.(results, () => process.exit(0));
