import { expect, test } from 'vitest';
import { listFewSocketCases, listSocketFaults, runSocketCase } from './run-socket-case.ts';

const FAULTS = listSocketFaults().filter((fault) => fault.family === 'E');

test.concurrent.each(FAULTS.map((fault) => [`${fault.id}: ${fault.title}`, fault] as const))(
  '%s ends as it should over a real connection',
  async (_name, fault) => {
    for (const where of listFewSocketCases(fault)) {
      const { observation, verdict } = await runSocketCase(fault, where);
      const name = JSON.stringify(where);
      expect(observation.fired, name).toBeGreaterThan(0);
      expect({ ...verdict, name }).toEqual({
        survived: true,
        silentCorruption: false,
        complaints: [],
        name,
      });
    }
  },
);
