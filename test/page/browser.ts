import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A real browser from the registry: nothing of it is installed in the system. */
export interface PageBrowser {
  /** Opens a file in a window of its own; what the page says and asks for is kept. */
  open(file: string, options?: BrowserContextOptions): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenPage {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions, but for the proof that is not there. */
  readonly problems: readonly string[];
  /** Addresses that were asked for. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** @returns the browser, or why there is none on this machine */
export async function startBrowser(): Promise<PageBrowser | string> {
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const { chromium: driver } = await import('playwright-core');
    // The arguments that the package proposes turn off what is tested here: the rules about origins.
    const browser = await driver.launch({
      executablePath: await chromium.executablePath(),
      args: ['--no-sandbox'],
    });
    return { open: (file, options) => openFile(browser, file, options), close: () => browser.close() };
  } catch (error) {
    return `no browser runs here: ${(error as Error).message.split('\n')[0] ?? ''}`;
  }
}

async function openFile(browser: Browser, file: string, options?: BrowserContextOptions): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    const isProof = message.location().url.endsWith('/proof.js');
    if (['error', 'warning'].includes(message.type()) && !isProof) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`file://${file}`);
  return { page, problems, requests, close: () => context.close() };
}

const AXE = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');

/** What axe finds wrong with a page, with the element that it is about. */
export async function findBarriers(page: Page): Promise<string[]> {
  // The page's own policy lets no other script in; the driver's evaluation is not bound by it.
  const { readFileSync } = await import('node:fs');
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const found = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}
