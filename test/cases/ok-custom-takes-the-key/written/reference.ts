export function reference(name: string | null | undefined, tags: readonly string[]): string | undefined {
  return name === null || name === undefined || name === '' ? undefined : `${name} ${tags.join(' ')}`;
}
