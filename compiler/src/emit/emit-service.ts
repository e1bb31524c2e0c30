import type { OutputFile } from '../model/output-file.ts';
import type { ServicePlan } from '../model/service-plan.ts';
import { checkOutput } from './check-output.ts';
import { emitAlerts } from './code/emit-alerts.ts';
import { emitConfig } from './code/emit-config.ts';
import { CUSTOM_FILE, emitCustom, emitCustomStub } from './code/emit-custom.ts';
import { emitCustomAuth } from './code/emit-custom-auth.ts';
import { emitBlanks, hasOwnBlanks } from './code/emit-header.ts';
import { emitFlow } from './code/emit-flow.ts';
import { emitMapping } from './code/emit-mapping.ts';
import { emitPackage } from './code/emit-package.ts';
import type { PackageOptions } from './code/emit-package.ts';
import { emitSystem } from './code/emit-system.ts';
import { emitDocuments } from './docs/emit-documents.ts';
import { emitPage } from './page/emit-page.ts';
import { emitTests } from './tests/emit-tests.ts';
import type { Templates } from './templates.ts';
import { formatCode } from './text/format-code.ts';
import { renderTemplate } from './text/render-template.ts';

export interface EmitOptions extends PackageOptions {
  readonly templates: Templates;
  /** The rules as they were read, which the tests' oracle reads again. */
  readonly rulesText: string;
}

/** Every file of the service but the lock and the trace, formatted, read again, and sorted by path. */
export async function emitService(plan: ServicePlan, options: EmitOptions): Promise<OutputFile[]> {
  const code: OutputFile[] = [
    { path: 'src/main.ts', text: renderTemplate(options.templates['main.ts'], viewMain(plan)) },
    { path: 'src/config.ts', text: emitConfig(plan) },
    ...(hasOwnBlanks(plan) ? [{ path: 'src/blanks.ts', text: emitBlanks(plan) }] : []),
    ...(plan.alerts === undefined ? [] : [{ path: plan.alerts.file, text: emitAlerts(plan, plan.alerts) }]),
    ...(plan.custom.length === 0 ? [] : [{ path: CUSTOM_FILE, text: emitCustom(plan) }]),
    ...plan.custom.map((entry) => ({ path: entry.file, text: emitCustomStub(entry) })),
    ...plan.systems.map((entry) => ({ path: entry.file, text: emitSystem(plan, entry) })),
    ...plan.systems.flatMap((entry) =>
      entry.customAuth === undefined
        ? []
        : [{ path: entry.customAuth.file, text: emitCustomAuth(entry, entry.customAuth) }],
    ),
    ...plan.flows.flatMap((flow) => [
      { path: flow.file, text: emitFlow(plan, flow) },
      ...flow.targets.map((target) => ({
        path: target.mapping.file,
        text: emitMapping(plan, flow, target),
      })),
    ]),
    ...emitPackage(plan, options),
    ...emitTests(plan),
  ];
  const formatted = await Promise.all(
    code.map(async (file) =>
      file.path.endsWith('.ts') ? { ...file, text: await formatCode(file.text, file.path) } : file,
    ),
  );
  const documents = emitDocuments(plan, options.templates);
  const files = [
    ...formatted,
    ...documents,
    ...emitPage(plan, documents, options.templates),
    { path: 'test/rules.yaml', text: options.rulesText },
  ];
  checkOutput(files);
  return files.toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

function viewMain(plan: ServicePlan) {
  return {
    rulesName: plan.rulesName,
    integration: plan.integration,
    alerts: plan.alerts?.createName,
    flows: plan.flows.map((flow) => ({
      name: flow.name,
      file: flow.file.slice('src/flows/'.length),
      usesConfig: flow.usesConfig,
    })),
    systems: plan.systems.map((system) => ({
      createName: system.createName,
      file: system.file.slice('src/systems/'.length),
    })),
  };
}
