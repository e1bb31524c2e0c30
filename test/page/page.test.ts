import { cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { renderDocument } from '../../compiler/src/emit/page/render-document.ts';
import { MARKER, PAYLOADS } from '../hostile/payloads.ts';
import { emitHostilePages } from './hostile-pages.ts';
import { readMarkdownTable } from './read-markdown-table.ts';
import { findBarriers, startBrowser } from './browser.ts';
import type { OpenPage, PageBrowser } from './browser.ts';

const DOCUMENTS = join(import.meta.dirname, '../../generated/crm-to-ledger/docs');
const started = await startBrowser();
if (typeof started === 'string') process.stdout.write(`skipped: ${started}\n`);
const can = typeof started !== 'string';
const browser = started as PageBrowser;
const folder = mkdtempSync(join(tmpdir(), 'mortise-page-'));
const file = join(folder, 'docs/index.html');
let opened: OpenPage[] = [];

beforeAll(() => {
  mkdirSync(join(folder, 'docs'));
  cpSync(DOCUMENTS, join(folder, 'docs'), { recursive: true });
});
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
  rmSync(join(folder, 'proof.js'), { force: true });
});
afterAll(async () => {
  if (can) await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(fragment = '', options?: Parameters<PageBrowser['open']>[1]): Promise<OpenPage> {
  const one = await browser.open(`${file}${fragment}`, options);
  opened.push(one);
  return one;
}

/** Where an element is on the screen, if it can be seen there. */
const IN_VIEW = (id: string): string =>
  `(() => { const { top, bottom } = document.getElementById(${JSON.stringify(id)}).getBoundingClientRect();
    return bottom > 0 && top < innerHeight && top >= document.querySelector('.top').getBoundingClientRect().bottom - 2; })()`;

test.runIf(can)('the page says nothing on the console and asks for nothing but the proof', async () => {
  const { page, problems, requests } = await open();
  await page.waitForTimeout(100);

  expect(problems).toEqual([]);
  expect(requests).toEqual([`file://${file}`, `file://${join(folder, 'proof.js')}`]);
});

test.runIf(can)('every link leads somewhere, and every id is there once', async () => {
  const { page } = await open();
  const ids = (await page.evaluate(
    '[...document.querySelectorAll("[id]")].map((one) => one.id)',
  )) as string[];
  const links = (await page.evaluate(
    '[...document.querySelectorAll("a")].map((one) => one.getAttribute("href"))',
  )) as string[];
  const dead = links.filter((link) => link.startsWith('#') && !ids.includes(link.slice(1)));

  expect(ids.length).toBeGreaterThan(150);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(dead).toEqual([]);
  expect(links.filter((link) => !link.startsWith('#'))).toEqual([
    'corrections.crm.overlay.yaml',
    'corrections.ledger.overlay.yaml',
  ]);
});

test.runIf(can)('a link to a row opens the page at that row', async () => {
  const id = 'test-customers-contact-write-409';
  const { page } = await open(`#${id}`);

  expect(await page.textContent(`#${id} th`)).toContain('409');
  expect(await page.evaluate(IN_VIEW(id))).toBe(true);
  expect(await page.evaluate(`getComputedStyle(document.querySelector('#${id} td')).backgroundColor`)).toBe(
    'rgb(255, 243, 201)',
  );
});

test.runIf(can)('the search is used by keyboard alone', async () => {
  const { page } = await open();
  const focused = (): Promise<unknown> => page.evaluate('document.activeElement.id');
  const chosen = (): Promise<string | null> => page.textContent('#results [aria-selected=true]');
  await page.keyboard.press('/');
  expect(await focused()).toBe('search');
  expect(await page.inputValue('#search')).toBe('');
  await page.keyboard.type('ledger 409');
  expect(await chosen()).toContain('409 · parks the record');
  expect(await page.textContent('#found')).toBe('1 found');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('location.hash')).toBe('#test-customers-contact-write-409');
  expect(await focused()).toBe('test-customers-contact-write-409');
  expect(await page.isVisible('#results')).toBe(false);

  await page.keyboard.press('/');
  await page.keyboard.type('outages');
  const first = await chosen();
  await page.keyboard.press('ArrowDown');
  const second = await chosen();
  await page.keyboard.press('ArrowUp');
  expect(first).toBe('Outages');
  expect(second).not.toBe(first);
  expect(await chosen()).toBe(first);
  await page.keyboard.press('ArrowUp');
  expect(await chosen()).toBe(await page.textContent('#results li:last-child'));
  await page.keyboard.press('Escape');
  expect(await page.isVisible('#results')).toBe(false);
  expect(await page.inputValue('#search')).toBe('');

  await page.keyboard.type('there is no such thing');
  expect(await page.textContent('#results')).toBe('Nothing found');
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('search');
});

test.runIf(can).for([
  ['light', 1280],
  ['dark', 1280],
  ['light', 380],
  ['dark', 380],
] as const)('in %s colours, at %i pixels, nothing bars a reader', async ([colorScheme, width]) => {
  writeProof();
  const { page, problems } = await open('', { colorScheme, viewport: { width, height: 800 } });
  await page.fill('#search', 'contacts');

  expect(await findBarriers(page)).toEqual([]);
  expect(problems).toEqual([]);
  const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
  expect(background).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(18, 23, 29)');
});

test.runIf(can)('the colours that a reader chooses stay', async () => {
  const { page } = await open('', { colorScheme: 'light' });
  const isDark = (): Promise<unknown> =>
    page.evaluate('getComputedStyle(document.body).backgroundColor === "rgb(18, 23, 29)"');
  await page.click('#theme');
  expect(await isDark()).toBe(true);
  await page.reload();
  expect(await isDark()).toBe(true);
  expect(await page.textContent('#theme')).toBe('Light');
  expect(await findBarriers(page)).toEqual([]);
  await page.click('#theme');
  expect(await isDark()).toBe(false);
});

test.runIf(can).for([320, 390, 800, 1152, 1153, 1280, 1900])(
  'at %i pixels nothing is wider than the window',
  async (width) => {
    const { page } = await open('', { viewport: { width, height: 800 } });
    const wide = await page.evaluate(
      `[document.documentElement.scrollWidth <= innerWidth, ...[...document.querySelectorAll('main *')]
      .filter((one) => !one.closest('figure, pre') && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 120))]`,
    );

    expect(wide).toEqual([true]);
  },
);

test.runIf(can)('a test that has passed, failed or not run shows beside what it proves', async () => {
  writeProof();
  const html = readFileSync(file, 'utf8');
  // Rows as an answer book with drills has them.
  const context = { drawings: new Map(), documents: [], files: [], before: new Map() };
  const answers = renderDocument('answers', BOOK, context).html;
  writeFileSync(
    join(folder, 'docs/proved.html'),
    html.replace(/<h2 id="answers"[^]*?(?=<\/section>)/, () => answers),
  );
  const one = await browser.open(`${join(folder, 'docs/proved.html')}#test-a-read-503`, {
    colorScheme: 'light',
  });
  opened.push(one);
  const { page, problems } = one;
  const marks = await page.locator('.verdict').allTextContents();

  expect(marks).toEqual(['✓passed', '✗failed', 'not run']);
  expect(await page.evaluate(IN_VIEW('test-a-read-503'))).toBe(true);
  expect(await page.getAttribute('#proof', 'class')).toBe('proof failed');
  expect(await page.textContent('#proof')).toBe(
    '1 of 3 tests of the answer book passed; 1 failed; 1 not run. What the systems answer in them is synthetic: made from the API descriptions, not recorded. Of 4 recorded exchanges 3 are synthetic. This is no proof of what Mortise wrote, for these files were changed since: src/main.ts. The tests ended 2026-01-05 09:00 UTC.',
  );
  expect(await findBarriers(page)).toEqual([]);
  expect(problems).toEqual([]);
});

const BOOK = `# Answer book

## GET /a

| when | answer | by | drill |
|---|---|---|---|
| 429, 503 | waits | standard | \`a.read.429\` \`a.read.503\` |
| 4xx | halts | \`code\` is no test here | \`a[0].read.4xx\` |
| a redirect | follows it | a rule | |
`;

test
  .runIf(can)
  .for([
    '',
    'null',
    '{}',
    '{ rows: null }',
    '{ rows: { x: {} } }',
    '{ tests: 3, recordings: 4, files: 5, at: 6 }',
    '7',
  ])('a proof that is %o leaves the page as it is', async (proof) => {
  writeFileSync(join(folder, 'proof.js'), proof === '' ? '' : `globalThis.mortiseProof = ${proof};`);
  const { page, problems } = await open();
  const passed = await page.locator('.verdict.passed, .verdict.failed').count();

  expect(passed).toBe(0);
  expect(await page.getAttribute('#proof', 'class')).toBe('proof');
  expect(await page.isVisible('#outage-form')).toBe(true);
  expect(problems).toEqual([]);
});

test.runIf(can)('the form counts as the tables do', async () => {
  const { page } = await open();
  const systems = await page.locator('#outage-form option').allTextContents();
  expect(systems).toEqual(['crm', 'ledger']);
  for (const system of systems) {
    const rows = readMarkdownTable(DOCUMENTS, 'outages', `${system} is down`);
    expect(rows.map(([hours]) => hours)).toEqual(['1 h', '6 h', '24 h', '72 h']);
    await page.selectOption('[data-part=system]', { label: system });
    for (const [hours = '', backlog, within, sum] of rows) {
      await page.fill('[data-part=hours]', hours.replace(' h', ''));
      expect(await page.innerText('#outage-result')).toBe(
        `${backlog} wait; catching up takes ${within}, from the next try on.\nBound by ${sum}.`,
      );
    }
  }
  await page.fill('[data-flow="0"]', '');
  expect(await page.innerText('#outage-result')).toContain('Unknown without volume');
  // 60 calls a minute are 86,400 a day.
  await page.fill('[data-flow="0"]', '86400');
  expect(await page.innerText('#outage-result')).toContain('never: normal work takes all that is allowed');
});

test.runIf(can)('without scripts everything is there to read', async () => {
  const { page } = await open('#writes', { javaScriptEnabled: false });

  expect(await page.isVisible('text=residual risk')).toBe(true);
  expect(await page.isVisible('#outage-form')).toBe(false);
  expect(await page.isVisible('#theme')).toBe(false);
  expect(await page.textContent('#proof')).toContain('Run npm test');
});

test.runIf(can)('on paper there are the documents and nothing to click', async () => {
  const { page } = await open('', { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print' });

  expect(await page.isVisible('.contents')).toBe(false);
  expect(await page.isVisible('#search')).toBe(false);
  expect(await page.isVisible('#outages')).toBe(true);
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  expect(await page.evaluate('getComputedStyle(document.querySelector("thead")).display')).toBe(
    'table-header-group',
  );
  const paper = (await page.pdf({ format: 'A4' })).toString('latin1');
  expect(paper.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(9);
});

const HOSTILE = new Set([
  'script', 'html attribute', 'html comment', 'code fence', 'table cell', 'link', 'image', 'reference', 'bare address',
  'entity', 'back quote and html', 'back quote and cell', 'handlebars', 'json', 'double quote', 'template hole',
  'line separator', 'null character', 'terminal link', 'right to left', 'isolate', 'lone surrogate', 'proto', 'emoji',
]); // prettier-ignore

/** Every element with the names of its attributes, and what links lead to. */
const MARKUP = `[...new Set([...document.querySelectorAll(':not(#results *)')].flatMap((one) => [
  one.localName, ...[...one.attributes].map(({ name }) => one.localName + ' ' + name)]))].toSorted()`;
const LINKS = `[...document.querySelectorAll('a')].map((one) => one.getAttribute('href')).filter((href) => !/^#[a-z0-9-]+$|^corrections[a-z0-9.-]+yaml$/.test(href))`;

test.runIf(can)(
  'no foreign text runs, or is more than text, in a real browser',
  { timeout: 600_000 },
  async () => {
    const [plain = ''] = await emitHostilePages('Zeta plain');
    const read = async (html: string, text: string): Promise<object> => {
      writeFileSync(join(folder, 'hostile.html'), html);
      const { page, problems, requests, close } = await browser.open(join(folder, 'hostile.html'));
      await page.fill('#search', text.slice(0, 30));
      await page.fill('[data-part=hours]', '7');
      await page.waitForTimeout(50);
      const found = {
        markup: await page.evaluate(MARKUP),
        links: await page.evaluate(LINKS),
        scripts: await page.evaluate('document.scripts.length'),
        results: await page.evaluate(
          `[...document.querySelectorAll('#results *')].filter((one) => !['LI', 'SPAN'].includes(one.tagName)).length`,
        ),
        ran: await page.evaluate(`typeof ${MARKER}`),
        outage: (await page.innerText('#outage-result')).includes('records wait'),
        problems,
        requests: requests.filter(
          (url) => !url.startsWith(`file://${folder}/`) && !url.endsWith('/proof.js'),
        ),
      };
      await close();
      return found;
    };
    const expected = await read(plain, 'Zeta');
    expect(expected).toMatchObject({
      links: [],
      scripts: 3,
      results: 0,
      ran: 'undefined',
      outage: true,
      problems: [],
      requests: [],
    });
    const payloads = PAYLOADS.filter(({ name }) => HOSTILE.has(name));
    expect(payloads).toHaveLength(HOSTILE.size);
    for (const { name, text } of payloads) {
      const pages = await emitHostilePages(text);
      expect(pages.length, name).toBeGreaterThan(0);
      for (const html of pages) expect(await read(html, text), name).toEqual(expected);
    }
  },
);

/** As `npm test` of a service leaves it. */
function writeProof(): void {
  const proof = {
    integration: 'crm-to-ledger',
    at: '2026-01-05T09:00:07.000Z',
    rows: { 'a.read.429': 'passed', 'a.read.503': 'failed', 'a[0].read.4xx': 'missing' },
    orphans: [],
    files: { hash: 'x', changed: ['src/main.ts'] },
    synthetic: true,
    recordings: { all: 4, synthetic: 3 },
  };
  writeFileSync(join(folder, 'proof.js'), `globalThis.mortiseProof = ${JSON.stringify(proof)};\n`);
}
