import type { Gate } from '../gate-context.ts';
import { alertGate } from './alert.rule.ts';
import { askedFieldGate } from './asked-field.rule.ts';
import { batchGate } from './batch.rule.ts';
import { blankGate } from './blank.rule.ts';
import { callDataGate } from './call-data.rule.ts';
import { changedWriteGate } from './changed-write.rule.ts';
import { conditionGate } from './condition.rule.ts';
import { configGate } from './config.rule.ts';
import { customGate } from './custom.rule.ts';
import { decisionGate } from './decision.rule.ts';
import { enumGate } from './enum.rule.ts';
import { foundGate } from './found.rule.ts';
import { invalidGate } from './invalid.rule.ts';
import { keepGate } from './keep.rule.ts';
import { keyFieldGate } from './key-field.rule.ts';
import { loopGate } from './loop.rule.ts';
import { onceGate } from './once.rule.ts';
import { pageShiftGate } from './page-shift.rule.ts';
import { pagesGate } from './pages.rule.ts';
import { pathBlankGate } from './path-blank.rule.ts';
import { quotaGate } from './quota.rule.ts';
import { readingOnGate } from './reading-on.rule.ts';
import { roundTripGate } from './round-trip.rule.ts';
import { sharedObjectGate } from './shared-object.rule.ts';
import { statusGate } from './status.rule.ts';
import { successGate } from './success.rule.ts';
import { typeGate } from './type.rule.ts';
import { unescapedGate } from './unescaped.rule.ts';
import { unmappedGate } from './unmapped.rule.ts';
import { unmovedFieldGate } from './unmoved-field.rule.ts';
import { unsupportedGate } from './unsupported.rule.ts';

/** Every decision gate, in the order of section 5 of the design. */
export const gates: readonly Gate[] = [
  blankGate,
  pathBlankGate,
  invalidGate,
  enumGate,
  typeGate,
  decisionGate,
  conditionGate,
  callDataGate,
  unmappedGate,
  statusGate,
  successGate,
  batchGate,
  onceGate,
  askedFieldGate,
  changedWriteGate,
  keyFieldGate,
  loopGate,
  roundTripGate,
  sharedObjectGate,
  foundGate,
  pagesGate,
  pageShiftGate,
  readingOnGate,
  unmovedFieldGate,
  keepGate,
  quotaGate,
  alertGate,
  configGate,
  customGate,
  unescapedGate,
  unsupportedGate,
];
