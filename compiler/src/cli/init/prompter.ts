/** One answer to choose. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  /** What speaks for it. */
  readonly hint?: string;
}

/** Questions to a person. Each answer is undefined where they would rather stop. */
export interface Prompter {
  text(
    this: void,
    message: string,
    options: { readonly initial: string; judge(this: void, text: string): string | undefined },
  ): Promise<string | undefined>;
  /** The first choice is the one that is suggested. */
  select(this: void, message: string, choices: readonly Choice[]): Promise<string | undefined>;
  /** All are chosen at first. */
  selectMany(this: void, message: string, choices: readonly Choice[]): Promise<readonly string[] | undefined>;
  /** The end: what was done, or that nothing was. */
  close(this: void, message: string): void;
}
