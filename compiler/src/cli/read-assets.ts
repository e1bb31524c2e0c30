import { fileURLToPath } from 'node:url';
import { TEMPLATE_NAMES } from '../emit/templates.ts';
import type { Templates } from '../emit/templates.ts';
import type { PackageFacts } from '../emit/code/emit-package.ts';
import type { OutputFile } from '../model/output-file.ts';
import type { CompilerAssets } from '../pipeline.ts';
import type { Host } from '../source/host.ts';
import { hashText } from '../write/output-lock.ts';

/** Reads what the compiler brings along from beside its own source. */
export function readAssets(host: Host): CompilerAssets {
  const source = fileURLToPath(new URL('..', import.meta.url));
  const read = (path: string): string => host.readFile(host.resolve(source, path)) ?? '';
  const templates = Object.fromEntries(
    TEMPLATE_NAMES.map((name) => [
      name,
      read(`emit/templates/${name}${name === 'page.css' || name === 'page.js' ? '' : '.hbs'}`),
    ]),
  ) as unknown as Templates;
  return {
    templates,
    packageFacts: JSON.parse(read('emit/templates/package-facts.json')) as PackageFacts,
    packageLock: read('emit/templates/package-lock.json'),
    compilerVersion: readVersion(host),
    sourceHash: hashSource(host, source),
    readRuntime: () => readRuntime(host, host.resolve(source, '../../runtime')),
  };
}

/** The compiler's own version. */
export function readVersion(host: Host): string {
  const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
  return (JSON.parse(host.readFile(manifest) ?? '{}') as { readonly version: string }).version;
}

function hashSource(host: Host, source: string): string {
  const files = host.listFiles(source).filter((path) => !path.endsWith('.test.ts') && !path.endsWith('.md'));
  const parts = files.map((path) => `${path}\0${hashText(host.readFile(host.resolve(source, path)) ?? '')}`);
  return hashText(parts.join('\n'));
}

/** The runtime as it is, without its own tests and the suite that they share. */
function readRuntime(host: Host, folder: string): OutputFile[] {
  const files = host
    .listFiles(folder)
    .filter((path) => !/\.test\.ts$|\/store-contract[^/]*$|^node_modules\//.test(path));
  return files.map((path) => ({
    path: `runtime/${path}`,
    text: host.readFile(host.resolve(folder, path)) ?? '',
  }));
}
