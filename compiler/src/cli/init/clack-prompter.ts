import type { Readable, Writable } from 'node:stream';
import type { Choice, Prompter } from './prompter.ts';

/** Most choices that are shown at once; the others scroll. */
const SHOWN = 10;

/** Questions on a terminal. The library is loaded only once there is something to ask. */
export async function createClackPrompter(streams: {
  readonly input: Readable;
  readonly output: Writable;
}): Promise<Prompter> {
  const clack = await import('@clack/prompts');
  clack.intro('mortise init', streams);
  const answered = <T>(answer: T | typeof clack.CANCEL_SYMBOL): T | undefined =>
    clack.isCancel(answer) ? undefined : (answer as T);
  const list = (choices: readonly Choice[]) => choices.map((choice) => ({ ...choice }));
  return {
    text: async (message, { initial, judge }) =>
      answered(
        await clack.text({
          ...streams,
          message,
          initialValue: initial,
          validate: (text) => judge(text ?? ''),
        }),
      ),
    select: async (message, choices) =>
      answered(await clack.select({ ...streams, message, options: list(choices), maxItems: SHOWN })),
    selectMany: async (message, choices) =>
      answered(
        await clack.multiselect({
          ...streams,
          message,
          options: list(choices),
          initialValues: choices.map(({ value }) => value),
          maxItems: SHOWN,
          required: false,
        }),
      ),
    close: (message) => clack.outro(message, streams),
  };
}
