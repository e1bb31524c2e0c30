import type { CheckedTarget } from '../../model/checked-model.ts';
import type { TargetModel } from '../../model/integration-model.ts';

/** The heading of what is said about a target, and so its anchor: `customers-contact`. */
export function anchorOf({ flow, target }: CheckedTarget): string {
  return `${flow.name}-${target.name}${target.mode === 'update' ? '-update' : ''}`.toLowerCase();
}

/** What a call does with the object that it is about. */
export const WRITES: Readonly<Record<TargetModel['mode'], string>> = {
  write: 'creates or changes',
  create: 'creates',
  update: 'changes',
};
