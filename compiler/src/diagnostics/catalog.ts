import type { Severity } from './diagnostic.ts';

/** What a code means: its severity and its sentence. `docs/<code>.md` holds cause and fix. */
export interface CatalogEntry<P> {
  readonly severity: Severity;
  readonly message: (params: P) => string;
  /** Whether a line of `allow` may set it aside: a service that is built all the same behaves as it says. */
  readonly allowable: boolean;
}

function error<P>(message: (params: P) => string): CatalogEntry<P> {
  return { severity: 'error', message, allowable: false };
}

function warning<P>(message: (params: P) => string): CatalogEntry<P> {
  return { severity: 'warning', message, allowable: true };
}

/** A warning that `allow` has no part in. */
function notice<P>(message: (params: P) => string): CatalogEntry<P> {
  return { severity: 'warning', message, allowable: false };
}

/** An error of which the service makes no harm by itself: somebody may answer for it in `allow`. */
function answerable<P>(message: (params: P) => string): CatalogEntry<P> {
  return { severity: 'error', message, allowable: true };
}

/** Every code that Mortise can say, by the stage that says it. */
export const catalog = {
  // load: files, YAML and the shape of the rules
  'file-not-found': error(
    (p: { path: string; what: string }) => `There is no file ${p.path}, which ${p.what} names.`,
  ),
  'file-unreadable': error(
    (p: { path: string; problem: string }) => `The file ${p.path} cannot be read: ${p.problem}`,
  ),
  'yaml-syntax': error((p: { problem: string }) => `This is not valid YAML: ${p.problem}`),
  'yaml-duplicate-key': error((p: { key: string }) => `The key "${p.key}" stands here twice.`),
  'yaml-unsupported': error((p: { problem: string }) => `This YAML construct is not accepted: ${p.problem}`),
  'yaml-expression-comment': error(
    (p: { comment: string }) => `YAML takes "#${p.comment}" for a comment and cuts the expression before it.`,
  ),
  'unknown-key': error(
    (p: { key: string; near: string }) =>
      `The key "${p.key}" is not part of the rules language here.${p.near}`,
  ),
  'missing-key': error((p: { key: string }) => `The key "${p.key}" is missing.`),
  'invalid-value': error((p: { problem: string }) => p.problem),
  'literal-secret': error((p: { key: string }) => `"${p.key}" holds a secret in plain text.`),
  'spec-malformed': error((p: { problem: string }) => `This API description cannot be read: ${p.problem}`),
  'spec-version': error(
    (p: { found: string }) => `OpenAPI ${p.found} is not handled; 2.0 and 3.0 to 3.2 are.`,
  ),
  'ref-not-found': error(
    (p: { ref: string; near: string }) => `The reference ${p.ref} leads nowhere.${p.near}`,
  ),
  'ref-not-allowed': error(
    (p: { ref: string; problem: string }) => `The reference ${p.ref} is not followed: ${p.problem}`,
  ),
  'overlay-malformed': error((p: { problem: string }) => `This overlay cannot be applied: ${p.problem}`),
  'overlay-no-match': error(
    (p: { target: string }) => `The overlay action ${p.target} matches nothing in the description.`,
  ),
  'too-large': error((p: { problem: string }) => `The input is larger than Mortise accepts: ${p.problem}`),

  // resolve: names become the things they stand for
  'unknown-system': error((p: { name: string; near: string }) => `There is no system "${p.name}".${p.near}`),
  'unknown-flow': error((p: { name: string; near: string }) => `There is no flow "${p.name}".${p.near}`),
  'unknown-channel': error(
    (p: { name: string; near: string }) => `There is no alert channel "${p.name}".${p.near}`,
  ),
  'unknown-operation': error(
    (p: { name: string; system: string; near: string }) =>
      `The system "${p.system}" has no operation "${p.name}".${p.near}`,
  ),
  'ambiguous-operation': error(
    (p: { name: string; count: number }) =>
      `"${p.name}" fits ${p.count} operations in the descriptions of this system.`,
  ),
  'unknown-parameter': error(
    (p: { name: string; operation: string; near: string }) =>
      `${p.operation} takes no parameter or body field "${p.name}".${p.near}`,
  ),
  'missing-parameter': error(
    (p: { name: string; operation: string }) => `${p.operation} requires "${p.name}", and nothing fills it.`,
  ),
  'unknown-field': error(
    (p: { path: string; where: string; near: string }) => `${p.where} has no field "${p.path}".${p.near}`,
  ),
  'not-a-list': error((p: { path: string; where: string }) => `"${p.path}" in ${p.where} is not a list.`),
  'schema-conflict': error(
    (p: { name: string }) => `Several files of this system give the schema "${p.name}" differently.`,
  ),
  'fact-no-match': error(
    (p: { target: string; near: string }) =>
      `The fact names "${p.target}", which nothing in the description is.${p.near}`,
  ),

  // check: expressions
  'expression-syntax': error(
    (p: { problem: string }) => `This is not one TypeScript expression: ${p.problem}`,
  ),
  'expression-forbidden': error(
    (p: { what: string; instead: string }) => `${p.what} is not allowed in an expression.${p.instead}`,
  ),
  'expression-type': error((p: { problem: string }) => p.problem),
  'source-escapes': error(
    (p: { text: string }) => `"${p.text}" takes more of the source record than one named field.`,
  ),
  'unknown-transform': error(
    (p: { name: string; near: string }) => `There is no transform "${p.name}".${p.near}`,
  ),
  'custom-undeclared': error(
    (p: { name: string; near: string }) =>
      `There is no declaration of the function custom.${p.name}, so nobody knows what it takes and gives.${p.near}`,
  ),

  // check: decision gates
  blank: error(
    (p: { field: string; kinds: string; rate: string; why: string }) =>
      `${p.field} can be blank (${p.kinds})${p.rate}${p.why}${p.rate === '' ? ', and' : ';'} nothing says what happens then.`,
  ),
  invalid: error(
    (p: { field: string; problem: string }) =>
      `${p.field} can break what the target accepts (${p.problem}), and nothing says what happens then.`,
  ),
  enum: error(
    (p: { field: string }) =>
      `The table of ${p.field} may meet a value it does not list, and has no "otherwise".`,
  ),
  type: error((p: { field: string; problem: string }) => `${p.field}: ${p.problem}`),
  unmapped: error(
    (p: { field: string; operation: string }) => `${p.operation} requires ${p.field}, and no rule fills it.`,
  ),
  'read-only': error(
    (p: { field: string }) => `${p.field} is read-only in the description: the target will not take it.`,
  ),
  'required-unstated': error(
    (p: { operation: string }) =>
      `The description of ${p.operation} calls no field required, so nobody has said what the target cannot do without.`,
  ),
  success: error((p: { operation: string; status: string; field: string | undefined }) =>
    p.field === undefined
      ? `${p.operation} can answer ${p.status}, which says that the write was accepted and not that it was done, and nothing says whether that counts as delivered.`
      : `${p.operation} can answer ${p.status} and still carry errors (${p.field}), and nothing says when the write has failed.`,
  ),
  once: error((p: { operation: string; problem: string }) => `${p.operation} ${p.problem}`),
  pages: error((p: { problem: string }) => p.problem),
  status: error(
    (p: { operation: string; status: string; meaning: string }) =>
      `${p.operation} can answer ${p.status} (${p.meaning}), and nothing says what happens then.`,
  ),
  found: error(
    (p: { subject: string; when: string }) =>
      `Nothing says what happens to a record for which the look-up ${p.subject} is made and ${p.when}.`,
  ),
  changes: error((p: { problem: string }) => p.problem),
  first: error(
    (p: { flow: string }) =>
      `Nothing says where the flow "${p.flow}" begins when it runs for the first time.`,
  ),
  later: error(
    (p: { flow: string; key: string }) =>
      `Nothing says what the flow "${p.flow}" does after delivery when a record ${p.key}.`,
  ),
  quota: answerable(
    (p: { system: string; sum: string }) => `The calls to "${p.system}" cannot fit its limits: ${p.sum}`,
  ),
  'shared-object': answerable(
    (p: { writers: string; operations: readonly string[]; system: string; what: string }) =>
      `${p.writers} write the same objects of "${p.system}" (${p.operations.join(' and ')}). Where both name one, each overwrites ${p.what} that the other wrote, and does not send again what it holds for delivered.`,
  ),
  'adds-per-change': answerable(
    (p: { operation: string; target: string }) =>
      `Each change of a record is sent by ${p.operation}, and nothing says by what "${p.target}" is known again, so each would make another object.`,
  ),
  'page-shift': answerable(
    (p: { operation: string; loss: string }) =>
      `${p.operation} is read by counting, and where a record moves or is deleted while its pages are read, those behind it move up: one of them is on no page, and ${p.loss}.`,
  ),
  'unmoved-field': answerable(
    (p: { flow: string; field: string; operation: string; loss: string }) =>
      `The flow "${p.flow}" reads on from ${p.field}, which by its name does not move when a record changes, so ${p.operation} gives each record once: ${p.loss}.`,
  ),
  'asks-another': answerable(
    (p: { target: string; call: string; named: string; given: string }) =>
      `The look-up of "${p.target}" asks ${p.call} for ${p.named} and gives what is sent as ${p.given}. What was made is not found by that, and a repeat after an unknown outcome makes it once more.`,
  ),
  'unsafe-retry': error(
    (p: { operation: string }) =>
      `${p.operation} has no protection against duplicates, and this rule would send it again after an unknown outcome.`,
  ),
  'because-missing': error((p: { what: string }) => `${p.what} needs a reason in "because".`),
  'zone-missing': error(
    (p: { field: string }) => `${p.field} goes by a calendar or a clock, and no "zone" says whose.`,
  ),
  alert: answerable(
    (p: { kinds: string }) => `Nobody is told of ${p.kinds}, so what needs a person would lie unseen.`,
  ),
  unsupported: error((p: { what: string }) => `${p.what} is not handled by this version of Mortise.`),
  'replaces-unstated': error(
    (p: { operation: string }) =>
      `${p.operation} is sent without the fields that are blank, and nobody has said whether it replaces the whole object.`,
  ),
  'allow-refused': error(
    (p: { code: string; near: string }) => `"${p.code}" is nothing that can be allowed.${p.near}`,
  ),
  'allow-expired': error(
    (p: { code: string; until: string }) =>
      `"${p.code}" was allowed here until ${p.until}. That day is over, so it has to be decided again.`,
  ),
  'allow-unused': notice(
    (p: { code: string; at: string; elsewhere: string }) =>
      `Nothing says "${p.code}" at ${p.at}, so this line allows nothing.${p.elsewhere}`,
  ),
  unescaped: warning(
    (p: { place: string; tags: string }) =>
      `This template fills values into ${p.place} as they are, where a sign in them would be read as more than text. Write a tag in front of it: ${p.tags}.`,
  ),
  'unused-reference': warning(
    (p: { name: string }) => `No reference of the descriptions leads to ${p.name}, so what allows it can go.`,
  ),
  'unused-pattern': warning(
    (p: { pattern: string; system: string }) =>
      `No operation of "${p.system}" fits the pattern "${p.pattern}", so what it says holds for nothing.`,
  ),
  'unused-channel': warning(
    (p: { name: string }) =>
      `No line of "send" goes to the alert channel "${p.name}", so it is told nothing.`,
  ),
  'unused-fact': warning(
    (p: { target: string }) => `The fact about "${p.target}" changes nothing that the rules reach.`,
  ),
  'unused-config': warning(
    (p: { name: string }) =>
      `No expression reads config.${p.name}, and the service would not start without a value for it.`,
  ),
  'unused-policy': warning(
    (p: { name: string; chosen: string }) => `Nothing takes the policy "${p.name}": ${p.chosen}.`,
  ),
  'unused-custom': warning((p: { what: string }) => `No expression calls ${p.what}.`),
  'custom-unwritten': warning(
    (p: { path: string; effect: string }) => `${p.path} is still the stub that gen wrote: ${p.effect}.`,
  ),
  'custom-type': error((p: { problem: string }) => p.problem),

  // write: the output folder
  'output-not-ours': error(
    (p: { path: string }) => `The folder ${p.path} is not empty and was not written by Mortise.`,
  ),
  'output-lock-lost': error(
    (p: { path: string; differing: number }) =>
      `The folder ${p.path} has lost its mortise.lock.json, or it cannot be read, so what somebody changed in it cannot be told from what Mortise wrote (${p.differing === 0 ? 'every file is what the rules give' : p.differing === 1 ? '1 file is not what the rules give' : `${p.differing} files are not what the rules give`}).`,
  ),
  'output-taken': error(
    (p: { path: string; owner: string }) =>
      `The folder ${p.path} holds the service of the integration "${p.owner}"; writing here would destroy it.`,
  ),
  'output-outside': error(
    (p: { path: string; problem: string }) => `The output folder ${p.path} cannot be used: ${p.problem}`,
  ),
  'hand-edited': error((p: { path: string }) => `${p.path} was edited by hand; gen would lose that edit.`),
  'output-changed': error((p: { path: string }) => `${p.path} is not what the rules give now.`),
  'output-missing': error((p: { path: string }) => `${p.path} is missing.`),
  'output-orphaned': error((p: { path: string }) => `${p.path} is no longer made from the rules.`),

  // drift: what changed of a description, by what the rules use
  'drift-wire': error((p: { id: string; says: string; advice: string }) => `${p.id}: ${p.says}. ${p.advice}`),
  'drift-meaning': error(
    (p: { id: string; says: string; advice: string }) => `${p.id}: ${p.says}. ${p.advice}`,
  ),
  'drift-source': notice(
    (p: { id: string; says: string; advice: string }) => `${p.id}: ${p.says}. ${p.advice}`,
  ),
} as const;

export type Code = keyof typeof catalog;

export type ParamsOf<C extends Code> = Parameters<(typeof catalog)[C]['message']>[0];

export function isCode(text: string): text is Code {
  return Object.hasOwn(catalog, text);
}
