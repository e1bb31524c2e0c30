/** Whether a field is named like one that holds a secret: `client_secret`, `apiKey`, `pin`. A `tokenType` is none. */
export function isSecretName(name: string): boolean {
  return /(?:pass|password|passwd|passphrase|secret|token|credentials?|(?:api|private).?key|pin)$|^key$/i.test(
    name,
  );
}
