// Generated from crm-to-ledger.rules.yaml. Edits are overwritten; see README.md, "Changing this service".
import { runOutage } from '@mortise/runtime/testing';
import { setup as customersSetup } from './customers-setup.ts';

/** node test/drills/outage.ts --target <system> down=6h */
process.exitCode = await runOutage([customersSetup], process.argv.slice(2));
