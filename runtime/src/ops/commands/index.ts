import type { Command } from '../command.ts';
import { authCommand } from './auth.ts';
import { deadCommand } from './dead.ts';
import { onceCommand } from './once.ts';
import { planCommand } from './plan.ts';
import { resumeCommand } from './resume.ts';
import { reviewCommand } from './review.ts';
import { runCommand } from './run.ts';
import { statusCommand } from './status.ts';

export const COMMANDS: readonly Command[] = [
  runCommand,
  onceCommand,
  planCommand,
  statusCommand,
  reviewCommand,
  deadCommand,
  resumeCommand,
  authCommand,
];
