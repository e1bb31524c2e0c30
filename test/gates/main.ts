import { listAllClosings } from './close-gate.ts';
import { runClosings } from './run-closings.ts';

/** `npm run gates [-- name…]`: every way to close every gate, compiled, and run by the tests that are emitted with it. Minutes of work. */
const named = process.argv.slice(2);
const all = listAllClosings();
const unknown = named.filter((each) => !all.some(({ name }) => name === each));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no closing ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(2);
}
const chosen = all.filter(({ name }) => named.length === 0 || named.includes(name));
const { services, passed, failed } = await runClosings(chosen, { withDrills: true });
for (const line of failed) process.stdout.write(`FAILED ${line}\n`);
process.stdout.write(`${services} of ${chosen.length} services, ${passed} passed, ${failed.length} failed\n`);
process.exitCode = failed.length === 0 && services === chosen.length ? 0 : 1;
