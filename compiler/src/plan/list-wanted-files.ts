import type { WantedFile } from '../check/check-custom-files.ts';
import type { ServicePlan } from '../model/service-plan.ts';
import { valueAt } from '../source/source-ref.ts';

/** What a stub says of itself: by it one is known that nobody has filled yet. */
export function unwrittenMark(file: string): string {
  return `${file} is not written yet`;
}

/** Every hand-written file that the service imports, and what is known of it. */
export function listWantedFiles({ custom, systems, checked }: ServicePlan): readonly WantedFile[] {
  const { rulesFile } = checked.model.workspace;
  return [
    ...custom.map(({ name, file, declared }): WantedFile => ({
      path: file,
      mark: unwrittenMark(file),
      effect: `every record for which custom.${name} is asked goes to review`,
      name,
      input: declared,
      at: valueAt(rulesFile, ['custom', name]),
    })),
    ...systems.flatMap(({ system, customAuth }): WantedFile[] =>
      customAuth === undefined
        ? []
        : [
            {
              path: customAuth.file,
              mark: unwrittenMark(customAuth.file),
              effect: `the system ${system.name} is paused until it can be called`,
              name: customAuth.functionName,
              // The runtime declares its type, and the service's own check holds it against that.
              input: undefined,
              at: valueAt(rulesFile, ['systems', system.name, 'auth']),
            },
          ],
    ),
  ];
}
