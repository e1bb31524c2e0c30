import { compareOutput } from './compare-output.ts';
import type { LimitedCompiler, LimitedOutcome } from './compile-limited.ts';
import { createHostileProject } from './hostile-project.ts';
import { BENIGN } from './payloads.ts';
import type { Payload } from './payloads.ts';
import type { Position } from './positions.ts';

export interface HostileReport {
  cases: number;
  emitted: number;
  refused: number;
  /** How many texts each position did not take, with the codes of the findings. */
  readonly refusals: Map<string, string[]>;
  compilations: number;
  worstMs: number;
  /** The most that the thread which compiles held behind a text; it ends at its limit. */
  worstMb: number;
  readonly crashes: string[];
  readonly escapes: string[];
  /** Every emission that differs from the others in its code, for being run. */
  readonly emissions: Map<string, ReadonlyMap<string, string>>;
}

export function createHostileReport(): HostileReport {
  return {
    cases: 0,
    emitted: 0,
    refused: 0,
    refusals: new Map(),
    compilations: 0,
    worstMs: 0,
    worstMb: 0,
    crashes: [],
    escapes: [],
    emissions: new Map(),
  };
}

const benign = new Map<string, Promise<LimitedOutcome>>();

/** One payload in many positions at once; where that is refused, in each half of them, so that none hides another. */
export async function runTogether(
  compiler: LimitedCompiler,
  report: HostileReport,
  payload: Payload,
  positions: readonly Position[],
): Promise<void> {
  if (positions.length === 0) return;
  const outcome = await compileAt(compiler, payload.text, positions);
  report.compilations += 1;
  report.worstMs = Math.max(report.worstMs, outcome.tookMs);
  report.worstMb = Math.max(report.worstMb, outcome.heldMb);
  const label = `${payload.name} at ${positions.length > 3 ? `${positions.length} positions` : positions.map(({ name }) => name).join(', ')}`;
  const problems = [...outcome.problems];
  if (outcome.kind === 'emitted') problems.push(...(await compareAt(compiler, outcome, payload, positions)));
  const isWhole = outcome.kind === 'emitted' && problems.length === 0;
  if (positions.length > 1 && !isWhole) {
    const half = Math.ceil(positions.length / 2);
    await runTogether(compiler, report, payload, positions.slice(0, half));
    await runTogether(compiler, report, payload, positions.slice(half));
    return;
  }
  report.cases += positions.length;
  if (outcome.kind === 'crashed') report.crashes.push(`${label}: ${outcome.said.slice(0, 400)}`);
  else if (outcome.kind === 'refused') {
    report.refused += 1;
    for (const { name } of positions)
      report.refusals.set(name, [...(report.refusals.get(name) ?? []), `${payload.name} (${outcome.said})`]);
  } else {
    report.emitted += positions.length;
    keepEmission(report, label, outcome.files);
  }
  report.escapes.push(...problems.map((problem) => `${label}: ${problem}`));
}

function compileAt(
  compiler: LimitedCompiler,
  text: string,
  positions: readonly Position[],
): Promise<LimitedOutcome> {
  const project = createHostileProject();
  for (const position of positions) position.put(project, text);
  return compiler.compile(project);
}

async function compareAt(
  compiler: LimitedCompiler,
  { files }: LimitedOutcome,
  { text }: Payload,
  positions: readonly Position[],
): Promise<string[]> {
  const found: string[] = [];
  for (const plain of listBenign(text)) {
    const key = JSON.stringify([plain, positions.map(({ name }) => name)]);
    const made = benign.get(key) ?? compileAt(compiler, plain, positions);
    benign.set(key, made);
    const { kind, files: expected } = await made;
    // What a harmless text is refused for, a hostile one may be taken for: the file of another name, say.
    if (kind !== 'emitted') continue;
    const problems = await compareOutput(files, expected, text, plain);
    if (problems.length === 0) return [];
    found.push(...(found.length === 0 ? problems : []));
  }
  return found.length === 0 ? ['no harmless text is taken there'] : found;
}

/**
 * Texts of the same shape: what is a word, a pattern or a place reads otherwise than what is none, names are sorted, and
 * a name with a word like "cell" in it tells what its field holds.
 */
function listBenign(text: string): string[] {
  const isPattern = ((): boolean => {
    try {
      return new RegExp(text, 'u').source !== '';
    } catch {
      return false;
    }
  })();
  // A blank text is a decision of its own wherever it stands for a value.
  if (text.trim() === '') return ['\t'];
  // A pattern that everything fits.
  if (/^\|/.test(text)) return [BENIGN, '|', 'Zeta.', '~cell cell'];
  if (/^\*+$/.test(text)) return [BENIGN, '*'];
  const [word = ''] = /^[A-Za-z]*/.exec(text) ?? [];
  const words = text.match(/[A-Za-z]+/g)?.join(' ') ?? '';
  return [
    BENIGN,
    ...(isPattern ? [] : ['Zeta [']),
    'Zeta. plain',
    'zeta',
    '/zeta',
    ...(/^[A-Za-z]/.test(text)
      ? [`${text.slice(0, 1)}zz plain`, `${text.slice(0, 2)}zz plain`, `${text.slice(0, 2)}zz. plain`]
      : []),
    ...(word === '' ? [`${text < 'a' ? ',' : '~'}${words}`] : [`${word} plain`, `${word}. plain`]),
    // A version, an address, a zone.
    ...(text.startsWith('1') ? ['1 plain'] : []),
    ...(/^https?:/.test(text) ? ['https://zeta.example/plain'] : []),
    ...(/^[A-Z][a-z]+\/[A-Z][a-z]+$/.test(text) ? ['Europe/Paris'] : []),
  ];
}

function keepEmission(report: HostileReport, label: string, files: ReadonlyMap<string, string>): void {
  const code = [...files].filter(([path]) => path.startsWith('src/'));
  const text = code.map(([path, held]) => `${path}\0${held}`).join('\0');
  if (![...report.emissions.values()].some((known) => known.get('') === text))
    report.emissions.set(label, new Map([...code, ['', text]]));
}
