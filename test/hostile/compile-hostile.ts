import { readAssets } from '../../compiler/src/cli/read-assets.ts';
import { createPlaceReader } from '../../compiler/src/cli/read-places.ts';
import { locateAll, renderText } from '../../compiler/src/diagnostics/render-text.ts';
import { renderGithub } from '../../compiler/src/diagnostics/render-github.ts';
import { compile } from '../../compiler/src/pipeline.ts';
import { createMemoryHost } from '../../compiler/src/source/memory-host.ts';
import { createNodeHost } from '../../compiler/src/source/node-host.ts';
import type { HostileProject } from './hostile-project.ts';

export const FOLDER = '/project';

export interface HostileOutcome {
  readonly kind: 'refused' | 'emitted' | 'crashed';
  /** The emitted files below the output folder; empty where there are none. */
  readonly files: ReadonlyMap<string, string>;
  /** What must not be: a file outside, a finding without a place, a command to the terminal. */
  readonly problems: readonly string[];
  /** The codes of the findings, or what was thrown. */
  readonly said: string;
  readonly tookMs: number;
}

const assets = readAssets(createNodeHost());
/** Stand where a compiler that leaves its folder would find them. */
const CANARIES = { '/etc/passwd': 'root:x:0:0', '/outside.json': '{}', '/escaped': '{}' };

export async function compileHostile(project: HostileProject): Promise<HostileOutcome> {
  return compileTexts(project.rulesName, {
    [project.rulesName]: JSON.stringify(project.rules, null, 1),
    'crm.json': JSON.stringify(project.crm),
    'ledger.json': JSON.stringify(project.ledger),
    'crm.overlay.json': JSON.stringify(project.overlay),
  });
}

/** @param texts the files, by a name below the folder */
export async function compileTexts(
  rulesName: string,
  texts: Readonly<Record<string, string>>,
): Promise<HostileOutcome> {
  const inside = Object.entries(texts).map(([name, text]) => [`${FOLDER}/${name}`, text]);
  const memory = createMemoryHost({ ...CANARIES, ...Object.fromEntries(inside) });
  const problems: string[] = [];
  const within = (what: string, path: string, folder: string): string => {
    if (!path.startsWith(`${folder}/`)) problems.push(`${what} ${path}`);
    return path;
  };
  const output = `${FOLDER}/generated`;
  const host: typeof memory = {
    ...memory,
    readFile: (path) => memory.readFile(within('reads', path, FOLDER)),
    writeFile: (path, text) => memory.writeFile(within('writes', path, output), text),
    removeFile: (path) => memory.removeFile(within('removes', path, output)),
    realPath: (path) => (memory.files.has(path) ? path : undefined),
  };
  const startMs = performance.now();
  try {
    const report = await compile(host, `${FOLDER}/${rulesName}`, {
      assets,
      check: false,
      force: false,
      vendorRuntime: false,
      onStage: () => undefined,
    });
    const tookMs = performance.now() - startMs;
    const errors = report.found.filter(({ severity }) => severity === 'error');
    problems.push(...judgeFindings(memory, report.found));
    const files = [...memory.files].filter(([path]) => path.startsWith(`${output}/`));
    return {
      kind: errors.length > 0 || report.files === 0 ? 'refused' : 'emitted',
      files: new Map(files.map(([path, text]) => [path.slice(output.length + 1), text])),
      problems: report.files === 0 && errors.length === 0 ? [...problems, 'nothing is said'] : problems,
      said: [...new Set(errors.map(({ code }) => code))].join(' '),
      tookMs,
    };
  } catch (error) {
    const tookMs = performance.now() - startMs;
    return { kind: 'crashed', files: new Map(), problems, said: String((error as Error).stack), tookMs };
  }
}

type Findings = Parameters<typeof locateAll>[0];

function judgeFindings(host: ReturnType<typeof createMemoryHost>, found: Findings): string[] {
  const places = createPlaceReader(host, FOLDER);
  const located = locateAll(found, places);
  const placeless = located.filter(({ location }) => !host.files.has(location.file) || location.line < 1);
  const text = renderText(located, places);
  const github = renderGithub(located, places).split('\n');
  return [
    ...placeless.map(({ diagnostic }) => `no place: ${diagnostic.code}`),
    ...(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text)
      ? ['a command to the terminal']
      : []),
    ...(found.length > 0 && github.some((line) => !/^::(?:error|warning|notice) file=/.test(line))
      ? ['a workflow command']
      : []),
  ];
}
