import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { guardOutput } from './guard-output.ts';

function createPipe(code: string): Writable & { readonly texts: string[] } {
  const texts: string[] = [];
  const stream = new Writable({
    autoDestroy: false,
    write(chunk, _encoding, done) {
      texts.push(String(chunk));
      done(texts.length > 1 ? Object.assign(new Error(code), { code }) : undefined);
    },
  });
  return Object.assign(stream, { texts });
}

test('once the reader has gone, what is written is counted and thrown away', async () => {
  const pipe = createPipe('EPIPE');
  let lost = 0;
  const output = guardOutput(pipe, () => (lost += 1));
  for (const text of ['one', 'two', 'three', 'four']) {
    output.write(text);
    await new Promise(setImmediate);
  }
  expect([output.isClosed, lost, pipe.texts]).toEqual([true, 3, ['one', 'two']]);
});

test('an output that fails for another reason is tried again', async () => {
  const output = guardOutput(createPipe('ENOSPC'));
  output.write('one');
  output.write('two');
  await new Promise(setImmediate);
  expect(output.isClosed).toBe(false);
});
