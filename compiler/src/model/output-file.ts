export interface OutputFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** From a statement of an emitted file to the rule and the description behind it. */
export interface TraceEntry {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  /** `hubspot/contacts.yaml#/components/schemas/Contact/properties/Name` */
  readonly spec: string | undefined;
  /** Of a field: the fields that its value is made of, as `spec` names its own. */
  readonly reads?: readonly string[];
}
