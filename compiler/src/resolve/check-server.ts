import { createDiagnostic } from '../diagnostics/create-diagnostic.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Setting } from '../model/integration-model.ts';
import type { SourceRef } from '../source/source-ref.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** An address that stands in the rules: one that can be called, and over which credentials may travel. */
export function checkServer(server: Setting, hasCredentials: boolean, at: SourceRef): Diagnostic[] {
  if (server.kind === 'environment') return [];
  const url = URL.canParse(server.value) ? new URL(server.value) : undefined;
  const problem = findProblem(server.value, url, hasCredentials);
  return problem === undefined ? [] : [createDiagnostic('invalid-value', { problem }, at)];
}

function findProblem(value: string, url: URL | undefined, hasCredentials: boolean): string | undefined {
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return 'This is no address that can be called. Write one such as https://api.example.com, or a setting such as $CRM_URL.';
  if (url.protocol === 'http:' && hasCredentials && !LOOPBACK.test(url.hostname))
    return 'Over http:// anybody on the way can read the credentials and the records. Write https://, or a setting such as $CRM_URL.';
  if (url.search !== '' || url.hash !== '' || url.username !== '' || /\s/.test(value))
    return 'An address to which paths are added holds no "?", "#", blank or user. What goes with every call stands in "headers", in "auth" or in "with".';
  return undefined;
}
