import { median } from './median.ts';
import { installNodeRed, NODE_RED_VERSION, startNodeRed } from './node-red/node-red-process.ts';
import type { NodeRedProcess } from './node-red/node-red-process.ts';
import type { Benchmark, Outcome } from './outcome.ts';
import { runBareLoop } from './sync/bare-loop.ts';
import { assertSameBodies, measureService } from './sync/measure-service.ts';
import { startMockProcess } from './sync/mock-process.ts';
import type { MockProcess } from './sync/mock-process.ts';
import type { Write, WritesReport } from './sync/mock-server.ts';
import { CONCURRENCY, RECORDS } from './sync/records.ts';

const PAIRS = 3;

/** The engine with every guarantee against the same work as a flow of Node-RED, which has no store. */
export const benchNodeRed: Benchmark = {
  names: ['sync-vs-node-red'],
  async run() {
    const installation = installNodeRed();
    if (installation.kind === 'absent')
      return [{ kind: 'skipped', name: 'sync-vs-node-red', reason: installation.reason }];
    const mock = await startMockProcess();
    try {
      await runBareLoop(mock.url);
      const { writes } = await mock.takeReport();
      const nodeRed = await startNodeRed(installation.file, mock.url);
      try {
        return [await compare(mock, nodeRed, writes)];
      } finally {
        await nodeRed.close();
      }
    } finally {
      mock.close();
    }
  },
};

async function compare(
  mock: MockProcess<WritesReport>,
  nodeRed: NodeRedProcess,
  bare: readonly Write[],
): Promise<Outcome> {
  const measurePair = async (): Promise<Pair> => {
    const service = await measureService(mock);
    assertSameBodies('The service', service.writes, bare);
    await nodeRed.run();
    const { writes, ms } = await mock.takeReport();
    assertSameBodies('Node-RED', writes, bare);
    return { serviceMs: service.ms, nodeRedMs: ms };
  };
  // What Node-RED wrote to warm up.
  await mock.takeReport();
  await measurePair();
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) pairs.push(await measurePair());
  const rate = (side: keyof Pair): number =>
    Math.round(RECORDS / (median(pairs.map((each) => each[side])) / 1000));
  return {
    kind: 'measured',
    name: 'sync-vs-node-red',
    figure: median(pairs.map(({ nodeRedMs, serviceMs }) => nodeRedMs / serviceMs)),
    vs: `${RECORDS} records at concurrency ${CONCURRENCY}: service ${rate('serviceMs')}/s (to the last commit), Node-RED ${NODE_RED_VERSION} ${rate('nodeRedMs')}/s (to the last write, no store; one function node keeps ${CONCURRENCY} messages in its keep-alive http request node and reads a page ahead)`,
  };
}

interface Pair {
  readonly serviceMs: number;
  readonly nodeRedMs: number;
}
