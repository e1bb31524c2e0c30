import { AUTH_FAULTS } from './families/auth.faults.ts';
import { DATA_FAULTS } from './families/data.faults.ts';
import { LOCAL_FAULTS } from './families/local.faults.ts';
import { PAGING_FAULTS } from './families/paging.faults.ts';
import { RATE_LIMIT_FAULTS } from './families/rate-limit.faults.ts';
import { STATUS_FAULTS } from './families/status.faults.ts';
import type { Fault } from './fault.ts';

/** Faults that need no socket. */
export const MEMORY_FAULTS: readonly Fault[] = [
  ...STATUS_FAULTS,
  ...RATE_LIMIT_FAULTS,
  ...AUTH_FAULTS,
  ...PAGING_FAULTS,
  ...DATA_FAULTS,
  ...LOCAL_FAULTS,
];
