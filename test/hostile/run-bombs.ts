import { subscribe } from 'node:diagnostics_channel';
import { BOMBS, render } from './bombs.ts';
import { compileTexts } from './compile-hostile.ts';
import { createHostileProject } from './hostile-project.ts';

/** A process of its own, with little memory: compiles each bomb that it is given, and tells the parent which is next. */
let sockets = 0;
subscribe('net.client.socket', () => void (sockets += 1));
// What is loaded once is none of a bomb's time.
await compileTexts('contacts.rules.yaml', render(createHostileProject()));
process.on('message', async (name) => {
  const bomb = BOMBS.find((one) => one.name === name);
  if (bomb === undefined) return process.disconnect();
  const texts = bomb.make();
  const before = process.cpuUsage();
  const { kind, said, problems } = await compileTexts('contacts.rules.yaml', texts);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ name, kind, said, problems, cpuMs: Math.round((user + system) / 1000), sockets });
});
process.send?.('ready');
