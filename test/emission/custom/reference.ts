/** The books know an order by a letter and eight digits. */
export function reference(id: number): string {
  return `C${String(id).padStart(8, '0')}`;
}
