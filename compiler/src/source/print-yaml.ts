import { stringify } from 'yaml';

/** Data as YAML in which every text is quoted, so that none of them can be read as anything else. */
export function printYaml(value: unknown): string {
  return stringify(value, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
