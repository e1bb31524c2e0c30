import type { CallUse, Use } from './use.ts';

/** The line of the rules that names the operation. */
export function callLine({ use }: { readonly use: CallUse | undefined }): readonly Use[] {
  if (use === undefined) return [];
  return [{ kind: 'call', at: use.at, mentions: [], field: undefined, sent: undefined }];
}
