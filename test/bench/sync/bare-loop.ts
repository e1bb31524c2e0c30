import { Agent, request } from 'undici';
import { CONCURRENCY, mapByHand, PAGE_SIZE } from './records.ts';
import type { SourcePage, SourceRecord } from './records.ts';

/**
 * What somebody writes in an afternoon: pages in, records out, ten at a time, and nothing survives a stop. The next page
 * is read while the records of this one are written, so that the comparison does not flatter the service.
 */
export async function runBareLoop(url: string): Promise<void> {
  const agent = new Agent({ connections: CONCURRENCY, pipelining: 1 });
  try {
    let reading: Promise<SourcePage> | undefined = readPage(agent, url, undefined);
    while (reading !== undefined) {
      const page: SourcePage = await reading;
      reading = page.next === undefined ? undefined : readPage(agent, url, page.next);
      const records = page.results.values();
      await Promise.all(Array.from({ length: CONCURRENCY }, () => writeAll(agent, url, records)));
    }
  } finally {
    await agent.close();
  }
}

async function readPage(agent: Agent, url: string, after: string | undefined): Promise<SourcePage> {
  const answer = await request(`${url}/search`, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ after, limit: PAGE_SIZE }),
  });
  return (await answer.body.json()) as SourcePage;
}

async function writeAll(
  agent: Agent,
  url: string,
  records: Iterator<SourceRecord> & Iterable<SourceRecord>,
): Promise<void> {
  for (const source of records) {
    const answer = await request(`${url}/contacts`, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(mapByHand(source)),
    });
    await answer.body.json();
    if (answer.statusCode !== 200) throw new Error(`The mock answered ${answer.statusCode}.`);
  }
}
