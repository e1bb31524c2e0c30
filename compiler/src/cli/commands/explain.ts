import { fileURLToPath } from 'node:url';
import { catalog, isCode } from '../../diagnostics/catalog.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Host } from '../../source/host.ts';

/** `mortise explain <code>`: the page of a code. @returns the exit code */
export function explain(host: Host, code: string, print: (text: string) => void): number {
  if (!isCode(code)) {
    print(
      `There is no code "${code}".${didYouMean(code, Object.keys(catalog))} Codes: ${Object.keys(catalog).join(', ')}\n`,
    );
    return 2;
  }
  const page = fileURLToPath(new URL(`../../diagnostics/docs/${code}.md`, import.meta.url));
  print(host.readFile(page) ?? '');
  return 0;
}
