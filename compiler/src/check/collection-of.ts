/** How paths call what is done to the objects of a list, or by what one is named. */
const OF_ACTION = /\/(?:search|query|list|batch|bulk|upsert|import|create|update|by-[\w-]+)$/i;

/** The list whose objects a call reads or writes: `/contacts` of `/contacts/{id}`, `/contacts/search`, `/contacts/batch`. */
export function collectionOf(path: string): string {
  const shorter = path
    .replace(/:\w+$/, '')
    .replace(/\/\{[^}]+\}$/, '')
    .replace(OF_ACTION, '');
  return shorter === path ? path.replaceAll(/\{[^}]+\}/g, '{}') : collectionOf(shorter);
}
