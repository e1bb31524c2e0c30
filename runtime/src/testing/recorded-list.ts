/** The records of an answer; none where it holds no list. */
export function listRecords(records: (body: never) => unknown, data: unknown): readonly unknown[] {
  try {
    const list = records(data as never);
    return Array.isArray(list) ? (list as readonly unknown[]) : [];
  } catch {
    return [];
  }
}

/** A list, or nothing at all; whatever else stands there is no answer. */
export function holdsRecords(records: (body: never) => unknown, data: unknown): boolean {
  try {
    const list = records(data as never);
    return list === undefined || list === null || Array.isArray(list);
  } catch {
    return false;
  }
}
