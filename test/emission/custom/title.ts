/** Who ordered what; it throws for a name that it cannot use, and gives nothing for one that it leaves out. */
export function title(name: string, tags: readonly string[] | null | undefined): string | null | undefined {
  if (name === 'n/a') throw new Error('nobody is called n/a');
  if (name.trim() === '') return undefined;
  return [name, ...(tags ?? [])].join(', ');
}
