import type { Way } from '../fault.ts';
import { SOURCE_URL, TARGET_URL } from '../fault-world.ts';
import type { FaultWorld, WorldRequest } from '../fault-world.ts';
import { openWay } from './open-way.ts';
import type { OpenWay } from './open-way.ts';
import { serveAnswers } from './serve-answers.ts';

/** The two systems of a world on loopback sockets. */
export interface Network {
  /** The real address of a request to one of the world's systems, or the one that a fault leads it to. */
  route(request: WorldRequest): Promise<string>;
  close(): Promise<void>;
}

export async function openNetwork(world: FaultWorld, now: () => number): Promise<Network> {
  const serve = (origin: string) =>
    serveAnswers(({ target, ...request }) =>
      world.exchange({ ...request, url: `${origin}${target}` }, now()),
    );
  const systems = new Map([
    [SOURCE_URL, await serve(SOURCE_URL)],
    [TARGET_URL, await serve(TARGET_URL)],
  ]);
  const ways = new Map<Way, Promise<OpenWay>>();
  const lead = (way: Way, port: number): Promise<OpenWay> => {
    const opened = ways.get(way) ?? openWay(way, port);
    ways.set(way, opened);
    return opened;
  };
  return {
    async route(request) {
      const { origin, pathname, search } = new URL(request.url);
      const port = systems.get(origin)?.port;
      // The world notes what goes astray.
      if (port === undefined) world.exchange(request, now());
      const way = port === undefined ? 'closed-port' : world.findWay(request, now());
      const real = way === undefined ? `http://127.0.0.1:${port}` : (await lead(way, port ?? 1)).origin;
      return `${real}${pathname}${search}`;
    },
    async close() {
      const opened = await Promise.all(ways.values());
      await Promise.all([...systems.values(), ...opened].map((server) => server.close()));
    },
  };
}
