export function companyName(name: string | null | undefined): string | undefined {
  return name?.replace(/ Ltd$/, '');
}
