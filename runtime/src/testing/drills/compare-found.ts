import { targetOf } from './call-oracle.ts';
import type { CallOracle } from './call-oracle.ts';
import type { Given } from './drill.ts';
import type { Course } from './observe.ts';

/**
 * What an object of the target's that was there before comes to: nothing is created, and it is changed where rules say
 * how, unless it is another one than was asked for.
 */
export function compareFound(course: Course, given: Given, oracle: CallOracle): string[] {
  const { name, update } = targetOf(oracle.rules, given);
  const count = (role: string): number => course.writes.filter((write) => write.role === role).length;
  const isAnother = given.situation === 'another';
  const changes =
    !isAnother && update !== undefined && oracle.rules.flows[given.flow]?.later?.changed === 'update';
  return [
    ...differs(`calls that create ${name}`, count(`write ${name}`), 0),
    ...differs(`calls that change ${name}`, count(`update ${name}`), changes ? 1 : 0),
  ];
}

function differs(what: string, is: number, wanted: number): string[] {
  return is === wanted ? [] : [`${what}: ${is} instead of ${wanted}`];
}
