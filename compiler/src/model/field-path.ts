/** A path into a JSON value: `Phones[0].PhoneNumber`, `["a.b"]`, `Contacts[].Name`. */
export interface FieldPath {
  readonly text: string;
  readonly steps: readonly FieldStep[];
}

export type FieldStep =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'each' };

/** Undefined where the text is no path. */
export function parseFieldPath(text: string): FieldPath | undefined {
  const steps: FieldStep[] = [];
  const token = /(?:^|\.)([^.[\]"]+)|\[(\d+)\]|\[\]|\[("(?:[^"\\]|\\.)*")\]/y;
  let at = 0;
  while (at < text.length) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) return undefined;
    if (match[1] !== undefined) steps.push({ kind: 'name', name: match[1] });
    else if (match[2] !== undefined) steps.push({ kind: 'index', index: Number(match[2]) });
    else if (match[3] !== undefined) steps.push({ kind: 'name', name: JSON.parse(match[3]) as string });
    else steps.push({ kind: 'each' });
    at = token.lastIndex;
  }
  // Setting it would change an object's prototype, and no API has such a field.
  if (steps.some((step) => step.kind === 'name' && step.name === '__proto__')) return undefined;
  return steps.length === 0 ? undefined : { text, steps };
}

export function joinPaths(above: FieldPath | undefined, below: FieldPath): FieldPath {
  if (above === undefined) return below;
  return { text: `${above.text}.${below.text}`, steps: [...above.steps, ...below.steps] };
}

/** The path with every index replaced by `[]`, so that `Contacts[0].Name` and `Contacts[].Name` are the same place. */
export function formatGeneralPath(path: FieldPath): string {
  return formatSteps(path.steps.map((step) => (step.kind === 'index' ? { kind: 'each' } : step)));
}

export function formatSteps(steps: readonly FieldStep[]): string {
  let text = '';
  for (const step of steps) {
    if (step.kind === 'each') text += '[]';
    else if (step.kind === 'index') text += `[${step.index}]`;
    else if (/^[^.[\]"]+$/.test(step.name)) text += text === '' ? step.name : `.${step.name}`;
    else text += `[${JSON.stringify(step.name)}]`;
  }
  return text;
}

/** Whether it is an element of a list, or a field inside of one: then a decision may drop the element. */
export function standsInList({ steps }: FieldPath): boolean {
  return steps.at(-1)?.kind === 'each' || steps.slice(0, -1).some(({ kind }) => kind !== 'name');
}
