import { createRequire } from 'node:module';

const requireHere = createRequire(import.meta.url);

/**
 * A library that many services never call, loaded whole by the first call that needs it: the services that do without start
 * the sooner and hold less. `require` because a transform cannot wait for a promise.
 */
export function onFirstUse<Library>(load: (require: NodeJS.Require) => Library): () => Library {
  let library: Library | undefined;
  return () => (library ??= load(requireHere));
}
