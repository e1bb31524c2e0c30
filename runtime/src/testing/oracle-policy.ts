/** A decision about failures as the rules have it. */
export interface CallRuleText {
  readonly on: string | number | readonly (string | number)[];
  readonly when?: string;
  readonly do: string;
}

export interface HasCalls {
  readonly calls?: readonly CallRuleText[];
}

export interface Policy extends HasCalls {
  readonly required?: string;
  readonly optional?: string;
  readonly invalid?: string;
  readonly none?: string;
  readonly many?: string;
}

export interface Policies {
  readonly policy?: string;
  readonly policies?: Readonly<Record<string, Policy & { readonly extends?: string }>>;
}

/** What holds where a field says nothing: the accepted policy over those that it extends. */
export function readPolicy({ policy, policies }: Policies): Policy {
  if (policy === undefined) return {};
  if (policy === 'standard')
    return { required: 'review', optional: 'omit', invalid: 'review', none: 'review', many: 'review' };
  const { extends: base, ...own } = policies?.[policy] ?? {};
  const above = base === undefined ? {} : readPolicy({ policy: base, policies: policies ?? {} });
  return { ...above, ...own, calls: [...(own.calls ?? []), ...(above.calls ?? [])] };
}

interface HasFacts {
  readonly facts?: readonly {
    readonly call?: string;
    readonly status?: Readonly<Record<string, string>>;
  }[];
}

export function listUnapplied(systems: unknown, system: string, call: unknown): string[] {
  const { facts = [] } = (systems as Readonly<Record<string, HasFacts>>)[system] ?? {};
  const plain = (text: unknown = ''): string => String(text).trim().replaceAll(/\s+/g, ' ').toLowerCase();
  return facts
    .filter((fact) => plain(fact.call) === plain(call))
    .flatMap(({ status }) => Object.keys(status ?? {}));
}
