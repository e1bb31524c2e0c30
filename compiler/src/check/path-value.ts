import type { Operation } from '../model/api-model.ts';
import type { Data, TargetModel } from '../model/integration-model.ts';

/** The parameter that ends a path, which names one object: `id` of `/contacts/{id}`. */
export function lastParameter({ path }: Operation): string | undefined {
  return /\{([^}]+)\}$/.exec(path)?.[1];
}

/** What the rules put there. */
export function findPathValue({ operation, input }: TargetModel): Data | undefined {
  const name = lastParameter(operation);
  return input.parameters.find(({ parameter }) => parameter.in === 'path' && parameter.name === name)?.value;
}
