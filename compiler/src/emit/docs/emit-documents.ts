import { printSignature } from '../../check/custom-calls.ts';
import { describeTier } from '../../check/rules/once.rule.ts';
import type { FlowPlan, ServicePlan, TargetPlan } from '../../model/service-plan.ts';
import { SENTINELS } from '../../model/rules-input.ts';
import { nameOperation } from '../../model/api-model.ts';
import { listWantedFiles } from '../../plan/list-wanted-files.ts';
import type { OutputFile } from '../../model/output-file.ts';
import { formatDuration } from '../text/format-duration.ts';
import { renderTemplate } from '../text/render-template.ts';
import type { Templates } from '../templates.ts';
import { describeAlerts } from './describe-alerts.ts';
import { describeAuth, isLoggedInTo } from './describe-auth.ts';
import { viewCertificates } from './describe-certificates.ts';
import { describeField } from './describe-fields.ts';
import { viewOutages } from './describe-outages.ts';
import { viewOverview } from './describe-overview.ts';
import { viewSecurity } from './describe-security.ts';
import { createSourceReader } from './describe-source.ts';
import { emitCorrections, viewCorrections } from './emit-corrections.ts';
import { anchorOf } from './name-target.ts';
import { listAnswers } from '../list-answers.ts';

/** The documents, from the same plan as the code, in the order in which the page has them. */
export function emitDocuments(plan: ServicePlan, templates: Templates): OutputFile[] {
  const document = (path: string, name: keyof Templates, view: object): OutputFile => ({
    path,
    text: renderTemplate(templates[name], view),
  });
  return [
    document('README.md', 'readme.md', viewReadme(plan)),
    document('docs/overview.md', 'overview.md', viewOverview(plan)),
    document('docs/mapping.md', 'mapping.md', {
      flows: plan.flows.flatMap((entry) => {
        const describeSource = createSourceReader(plan.checked, entry.checked);
        return entry.targets.map((target) => viewMapping(entry, target, describeSource));
      }),
      custom: plan.custom.map(({ name, file, declared }) => ({
        name: `custom.${name}`,
        file,
        does: declared.does ?? '',
      })),
      sentinels: plan.checked.model.rules.sentinels ?? SENTINELS,
    }),
    document('docs/answers.md', 'answers.md', viewAnswers(plan)),
    document('docs/writes.md', 'writes.md', viewCertificates(plan)),
    document('docs/outages.md', 'outages.md', viewOutages(plan)),
    document('docs/decisions.md', 'decisions.md', viewDecisions(plan)),
    document('docs/operations.md', 'operations.md', viewOperations(plan)),
    document('docs/security.md', 'security.md', viewSecurity(plan)),
    document('docs/corrections.md', 'corrections.md', viewCorrections(plan)),
    ...emitCorrections(plan),
    document('.env.example', 'env.example', viewEnvironment(plan)),
  ];
}

function viewReadme(plan: ServicePlan) {
  return {
    integration: plan.integration,
    purpose: plan.purpose,
    rulesPath: plan.rulesPath,
    flows: plan.flows.map((entry) => ({
      name: entry.flow.name,
      every: formatDuration(entry.flow.source.everyMs),
      schedule: entry.flow.source.schedule,
      read: nameOperation(entry.flow.source.operation),
      source: entry.flow.source.system.name,
      finds: entry.flow.find.map((find) => ({
        name: find.name,
        call: nameOperation(find.operation),
        system: find.system.name,
        target: find.target,
      })),
      targets: entry.targets.map((target) => ({
        verb: { write: 'writes', create: 'creates', update: 'changes' }[target.checked.target.mode],
        write: nameOperation(target.checked.target.operation),
        target: target.checked.target.system.name,
        tier: describeTier(target.checked),
        anchor: anchorOf(target.checked),
      })),
    })),
    custom: viewCustom(plan),
  };
}

function viewCustom(plan: ServicePlan) {
  return listWantedFiles(plan).map(({ path, name, effect, input }) => ({
    file: path,
    signature: `${name}${input === undefined ? '' : printSignature(input)}`,
    does: input === undefined ? 'signs the calls' : (input.does ?? ''),
    effect,
  }));
}

const COMMON_SETTINGS = [
  { name: 'MORTISE_STORE', needed: 'no', summary: 'the store file (default: data/<integration>.sqlite)' },
  {
    name: 'MORTISE_HOST',
    needed: 'no',
    summary: 'where /readyz, /status and /metrics are served (default 127.0.0.1)',
  },
  { name: 'MORTISE_PORT', needed: 'no', summary: 'their port (default 8080)' },
  { name: 'LOG_LEVEL', needed: 'no', summary: 'debug, info, warn, error or silent (default info)' },
];

function listSettings(plan: ServicePlan) {
  const settings = plan.settings.map((setting) => ({
    name: setting.name,
    needed: setting.required ? 'yes' : 'no',
    summary: setting.summary,
  }));
  const key = {
    name: 'MORTISE_KEY',
    needed: plan.needsKey ? 'yes' : 'no',
    summary: '32 random bytes in base64 or hex, with which tokens are stored: openssl rand -base64 32',
  };
  return [...settings, key];
}

function viewEnvironment(plan: ServicePlan) {
  const own = plan.settings.map((setting) => ({
    name: setting.name,
    summary: `${setting.summary} (rules: ${setting.rule})`,
    optional: !setting.required,
    value: setting.kind === 'rate' ? '60 per 1m' : '',
  }));
  const key = {
    name: 'MORTISE_KEY',
    summary:
      '32 random bytes in base64 or hex, with which tokens are stored; make one with: openssl rand -base64 32',
    optional: !plan.needsKey,
    value: '',
  };
  const common = COMMON_SETTINGS.map((setting) => ({
    name: setting.name,
    summary: setting.summary,
    optional: true,
    value: '',
  }));
  return { integration: plan.integration, settings: [...own, key, ...common] };
}

function viewMapping(
  entry: FlowPlan,
  leg: TargetPlan,
  describeSource: ReturnType<typeof createSourceReader>,
) {
  const { source, name, keep } = entry.flow;
  const { target, fields } = leg.checked;
  const kept = keep.map((rule) => `${rule.when.text.trim()} (otherwise ${rule.otherwise})`).join('; ');
  return {
    anchor: anchorOf(leg.checked),
    source: `${source.system.name} ${nameOperation(source.operation)}`,
    target: `${target.system.name} ${nameOperation(target.operation)}`,
    rule: `flows.${name}.to.${target.name}.map`,
    fields: fields.map((checked) => describeField(checked, describeSource(target, checked.field))),
    keep: kept === '' ? 'every record' : kept,
  };
}

function viewDecisions(plan: ServicePlan) {
  const { model, register } = plan.checked;
  return {
    policy: model.rules.policy ?? 'none',
    entries: register.map((entry) => ({ ...entry, because: entry.because ?? '' })),
  };
}

function viewOperations(plan: ServicePlan) {
  return {
    ...describeAlerts(
      plan.alerts?.alerts,
      plan.flows.map((entry) => entry.flow.name),
    ),
    settings: [...listSettings(plan), ...COMMON_SETTINGS],
    credentials: plan.systems.map(describeAuth),
    logins: plan.systems.flatMap(({ system }) => (isLoggedInTo(system) ? [system.name] : [])),
    keepsTokens: plan.needsKey,
  };
}

function viewAnswers(plan: ServicePlan) {
  const answers = listAnswers(plan);
  const withIds = <T extends { readonly ids: readonly string[] }>(row: T) => ({
    ...row,
    ids: row.ids.map((id) => `\`${id}\``).join(' '),
  });
  return {
    calls: answers.flatMap(({ calls }) => calls.map((call) => ({ ...call, rows: call.rows.map(withIds) }))),
    records: answers.map(({ flow, records }) => ({ flow: flow.flow.name, rows: records.map(withIds) })),
    fields: answers.flatMap(({ fields }) => fields.map(withIds)),
    flows: plan.flows.flatMap(({ checked }) =>
      checked.targets.map((leg) => ({
        name:
          checked.targets.length === 1
            ? leg.flow.name
            : `${leg.flow.name}, ${leg.target.name}${leg.target.mode === 'write' ? '' : ` (${leg.target.mode})`}`,
        certificate: describeTier(leg),
      })),
    ),
  };
}
