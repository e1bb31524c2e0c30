import { expect, test } from 'vitest';
import { describeReport, isSound, runCrash } from './run-crash.ts';
import { createServiceProcess } from './service-process.ts';

test('a service whose memory is less than what it is to deliver does its work to the end', async () => {
  // The records have 40 MB; the service by itself takes most of this.
  const service = createServiceProcess(undefined, ['--max-old-space-size=32']);
  const report = await runCrash({ story: 'bulk', tier: 2, kills: [], points: 'changes' }, service);
  await service.close();
  expect(isSound(report) ? '' : describeReport(report)).toBe('');
});
