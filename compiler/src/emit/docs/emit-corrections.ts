import type { StatusMatch } from '../../model/integration-model.ts';
import type { OutputFile } from '../../model/output-file.ts';
import type { ServicePlan, SystemPlan } from '../../model/service-plan.ts';
import { toKebabCase } from '../../model/name-case.ts';
import { formatPath } from '../../source/source-ref.ts';
import { listCorrections } from './list-corrections.ts';
import type { Correction } from './list-corrections.ts';

/** Overlays that a vendor can be sent: one for each description that facts correct. */
export function emitCorrections(plan: ServicePlan): OutputFile[] {
  return plan.systems.flatMap((entry) =>
    groupCorrections(plan, entry).map(({ path, of, actions }) => ({
      path,
      text: printOverlay(`Corrections of ${of}, found while ${plan.integration} was built`, of, actions),
    })),
  );
}

/** Overlay Specification 1.0. Every value is JSON, which YAML takes as it is. */
function printOverlay(title: string, of: string, actions: readonly Correction[]): string {
  const lines = actions.flatMap(({ action }) => [
    `  - target: ${json(action.target)}`,
    `    description: ${json(action.description)}`,
    'update' in action ? `    update: ${json(action.update)}` : '    remove: true',
  ]);
  return `overlay: 1.0.0
info:
  title: ${json(title)}
  version: 1.0.0
extends: ${json(of)}
actions:
${lines.join('\n')}
`;
}

/** Signs that JSON takes and YAML does not are written by their numbers. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** `replaces`, what the description says already, and what Swagger 2.0 has at a place that is not known. */
const NOT_SAID = 'no: nothing that an overlay could change';

interface CorrectionFile {
  readonly path: string;
  /** The description's own name, without its folder. */
  readonly of: string;
  readonly actions: readonly Correction[];
}

function groupCorrections(plan: ServicePlan, entry: SystemPlan): CorrectionFile[] {
  const groups = [...Map.groupBy(listCorrections(plan, entry), ({ file }) => file)];
  const name = `docs/corrections.${toKebabCase(entry.system.name)}`;
  return groups.map(([file, actions], index) => ({
    path: `${name}${groups.length === 1 ? '' : `.${index + 1}`}.overlay.yaml`,
    of: file.slice(file.lastIndexOf('/') + 1),
    actions,
  }));
}

/** What was found to be otherwise than the descriptions say. */
export function viewCorrections(plan: ServicePlan) {
  const { model } = plan.checked;
  return {
    systems: plan.systems.map((entry) => {
      const { system } = entry;
      const files = groupCorrections(plan, entry);
      return {
        name: system.name,
        facts: system.facts.map((fact, index) => ({
          target: fact.target,
          says: fact.says,
          because: fact.because ?? '',
          rule: formatPath(fact.origin.path),
          said: files.some(({ actions }) => actions.some((one) => one.fact === index)) ? 'yes' : NOT_SAID,
        })),
        overlays: (model.rules.systems[system.name]?.overlays ?? []).map((overlay) => ({ overlay })),
        files: files.map(({ path, of }) => ({ path: path.slice('docs/'.length), of })),
        answers: listAnswers(plan, entry),
      };
    }),
  };
}

/** Answers that say one thing by their status and another by what is in them. */
function listAnswers(plan: ServicePlan, { system }: SystemPlan) {
  const calls = system.calls.flatMap(({ on, when, do: action, because, origin }) =>
    on.some(isSuccess) && when !== undefined
      ? [
          {
            what: `${on.map(formatStatus).join(', ')} is no success when ${when.text.trim()}`,
            answer: action,
            because: because ?? '',
            rule: formatPath(origin.path),
          },
        ]
      : [],
  );
  const writes = plan.flows.flatMap(({ flow, checked }) =>
    checked.targets.flatMap(({ target }) =>
      target.system === system && target.unless !== undefined
        ? [
            {
              what: `success for ${flow.name}.${target.name} is a refusal when ${target.unless.text.trim()}`,
              answer: 'review',
              because: '',
              rule: formatPath(target.unless.at.path),
            },
          ]
        : [],
    ),
  );
  return [...calls, ...writes];
}

function isSuccess(match: StatusMatch): boolean {
  return match.kind === 'range' && match.from >= 200 && match.to < 300;
}

function formatStatus(match: StatusMatch): string {
  if (match.kind === 'class') return match.name;
  return match.from === match.to ? String(match.from) : `${match.from}–${match.to}`;
}
