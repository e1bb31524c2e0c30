import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readClientCertificate } from '../../auth/client-certificate.ts';
import { deriveTombstoneKey } from '../../auth/token-cipher.ts';
import { createService } from '../../engine/create-service.ts';
import type { Service } from '../../engine/create-service.ts';
import { createUndiciTransport } from '../../http/undici-transport.ts';
import { copySqliteFile } from '../../store/copy-sqlite-file.ts';
import { createSqliteStore } from '../../store/sqlite-store.ts';
import type { Command } from '../command.ts';

/** A dry run: the same reading and the same judgements over a copy of the store, and no write goes out. */
export const planCommand: Command = {
  name: 'plan',
  usage: 'plan',
  summary: 'what a run would do now, without writing (exit 2 when it would change something)',
  engine: 'none',
  needsStore: false,
  options: {},
  async run({ service, settings, scrubber, json, print }) {
    const folder = mkdtempSync(join(tmpdir(), 'mortise-plan-'));
    const { context, definition } = service;
    try {
      const copy = join(folder, 'plan.sqlite');
      copySqliteFile(settings.store, copy);
      const tombstoneKey = settings.key === undefined ? undefined : deriveTombstoneKey(settings.key);
      const overlay = createSqliteStore(copy, context.clock, tombstoneKey);
      // Tokens rotate for real, so they are kept in the real store.
      const store = { ...overlay, readToken: context.store.readToken, writeToken: context.store.writeToken };
      const dry = await createService(definition, {
        ...context,
        store,
        scrubber,
        key: settings.key,
        createAlertTransport: () => createUndiciTransport({ connections: 1 }),
        createTransport: ({ auth }) =>
          createUndiciTransport({ connections: 5, certificate: readClientCertificate(auth) }),
      });
      const plans = [];
      for (const runner of dry.runners) plans.push(await planFlow(dry, runner.flow.name));
      await dry.close();
      if (json) print(JSON.stringify(plans));
      else for (const plan of plans) print(renderPlan(plan));
      return plans.some((plan) => plan.write > 0) ? 2 : plans.every((plan) => plan.end === 'done') ? 0 : 1;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

export interface FlowPlan {
  readonly flow: string;
  readonly end: string;
  readonly read: number;
  readonly write: number;
  /** Records that wait already; what was planned for them stays, whatever the rules say now. */
  readonly waiting: number;
  readonly states: Readonly<Record<string, number>>;
}

/** Reads one flow of a service whose store is a copy. */
export async function planFlow(dry: Service, name: string): Promise<FlowPlan> {
  const runner = dry.runners.find((entry) => entry.flow.name === name);
  const states: Record<string, number> = {};
  let read = 0;
  const waiting = await dry.context.store.countLive(name);
  const end = await runner?.read((report) => {
    read += report.taken;
    for (const [state, count] of report.states) states[state] = (states[state] ?? 0) + count;
  });
  const write = await dry.context.store.countLive(name);
  return { flow: name, end: end?.kind ?? 'stopped', read, write, waiting, states };
}

/** For a person. */
export function renderPlan(plan: FlowPlan): string {
  const states = Object.entries(plan.states).map(
    ([state, count]) => `${count} ${state === 'waiting' ? 'to write' : state}`,
  );
  const end = plan.end === 'done' ? '' : ` (the reading did not come to its end: ${plan.end})`;
  const old =
    plan.waiting === 0
      ? ''
      : `\n${plan.flow}: ${plan.waiting} ${plan.waiting === 1 ? 'record waits' : 'records wait'} already, and what is not replaced by a newer version goes out as it was planned, by the rules of then`;
  const list = states.length === 0 ? '' : `: ${states.join(', ')}`;
  return `${plan.flow}: ${plan.read} new or changed, ${plan.write} writes would go out${list}${end}${old}`;
}
