/** A mistake of whoever operates the service: shown as one sentence, without a stack. Exit code 2. */
export interface OperatorError extends Error {
  readonly isOperatorError: true;
}

export function operatorError(message: string): OperatorError {
  return Object.assign(new Error(message), { isOperatorError: true as const, name: 'OperatorError' });
}

/** Works across copies of this package, where `instanceof` would not. */
export function isOperatorError(error: unknown): error is OperatorError {
  return error instanceof Error && 'isOperatorError' in error;
}
