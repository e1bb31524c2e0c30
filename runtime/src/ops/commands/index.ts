import type { Command } from '../command.ts';
import { authCommand } from './auth.ts';
import { backfillCommand } from './backfill.ts';
import { deadCommand } from './dead.ts';
import { doctorCommand } from './doctor.ts';
import { eraseCommand } from './erase.ts';
import { onceCommand } from './once.ts';
import { planCommand } from './plan.ts';
import { recordCommand } from './record.ts';
import { resumeCommand } from './resume.ts';
import { resyncCommand } from './resync.ts';
import { reviewCommand } from './review.ts';
import { runCommand } from './run.ts';
import { statusCommand } from './status.ts';

export const COMMANDS: readonly Command[] = [
  runCommand,
  onceCommand,
  planCommand,
  statusCommand,
  doctorCommand,
  reviewCommand,
  deadCommand,
  resumeCommand,
  backfillCommand,
  resyncCommand,
  eraseCommand,
  authCommand,
  recordCommand,
];
