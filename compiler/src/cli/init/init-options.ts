/** What a rules file is begun with. */
export interface InitOptions {
  readonly name: string;
  /** `crm=./crm.yaml`; several files of one system in one list. */
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly read: string | undefined;
  readonly write: string | undefined;
  /** The field that names a record, and the one that tells a change; undefined: the likeliest. */
  readonly key: string | undefined;
  readonly changed: string | undefined;
  /** A line of `pages`, or `later`; undefined: what the description shows. */
  readonly pages: string | undefined;
  /** Fields of the target that are not filled. */
  readonly leaveOut: readonly string[];
  /** As the rules name it; undefined: `../generated/<name>`. */
  readonly output: string | undefined;
  /** Undefined or `later`: marked TODO. */
  readonly policy: string | undefined;
  readonly force: boolean;
}
