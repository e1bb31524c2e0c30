import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inheritEnvironment } from '../inherited-environment.ts';
import type { FaultPlan } from '../simulators/fault-plan.ts';
import { startHubspot } from '../simulators/hubspot.ts';
import type { HubspotContact, HubspotOptions, HubspotSimulator } from '../simulators/hubspot.ts';
import { startXero } from '../simulators/xero.ts';
import type { XeroSimulator } from '../simulators/xero.ts';
import { startAlertSinks } from './alert-sinks.ts';
import type { AlertSinks } from './alert-sinks.ts';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SERVICE = join(ROOT, 'generated/crm-to-ledger/src/main.ts');

/** Both simulators, what alerts are sent to, a store folder, and the settings with which the service reaches them. */
export interface DemoWorld {
  readonly crm: HubspotSimulator;
  readonly ledger: XeroSimulator;
  readonly alerts: AlertSinks;
  readonly environment: Readonly<Record<string, string>>;
  readonly store: string;
  close(): Promise<void>;
}

export interface DemoOptions {
  readonly contacts: readonly HubspotContact[];
  /** What the CRM holds beside contacts. */
  readonly crm?: Pick<HubspotOptions, 'deals' | 'lineItems' | 'associations' | 'associationsPerPage'>;
  /** Calls in ten seconds; 100 where it is left out, as the rules say. */
  readonly crmRate?: number;
  readonly seed: number;
  readonly crmFaults?: FaultPlan;
  readonly ledgerFaults?: FaultPlan;
  readonly accessTokenLifetimeMs?: number;
  /** How long the ledger takes for a call, in real time. */
  readonly ledgerLatencyMs?: number;
  /** Calls a minute, for the service and the simulator alike. */
  readonly ledgerRate: number;
}

const SECRETS = {
  token: 'pat-demo-7f3a9c',
  client: 'demo-client',
  secret: 'demo-secret-51c2',
  refresh: 'demo-refresh-1',
  tenant: 'tenant-0001',
};

export async function startDemoWorld(options: DemoOptions): Promise<DemoWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-demo-'));
  const { crmRate = 100 } = options;
  const crm = await startHubspot({
    token: SECRETS.token,
    contacts: options.contacts,
    ...options.crm,
    ...(options.crmFaults && { faults: options.crmFaults }),
    rate: { requests: crmRate, perMs: 10_000 },
  });
  const ledger = await startXero({
    seed: options.seed,
    clientId: SECRETS.client,
    clientSecret: SECRETS.secret,
    refreshToken: SECRETS.refresh,
    tenantId: SECRETS.tenant,
    ratePerMinute: options.ledgerRate,
    dailyLimit: 1_000_000,
    latencyMs: options.ledgerLatencyMs ?? 0,
    ...(options.accessTokenLifetimeMs === undefined
      ? {}
      : { accessTokenLifetimeMs: options.accessTokenLifetimeMs }),
    ...(options.ledgerFaults && { faults: options.ledgerFaults }),
  });
  const alerts = await startAlertSinks();
  const store = join(folder, 'store.sqlite');
  return {
    crm,
    ledger,
    alerts,
    store,
    environment: {
      CRM_URL: crm.url,
      CRM_TOKEN: SECRETS.token,
      CRM_RATE: `${crmRate} per 10s`,
      LEDGER_URL: ledger.url,
      LEDGER_TOKEN_URL: ledger.tokenUrl,
      LEDGER_RATE: `${options.ledgerRate} per 1m`,
      LEDGER_DAILY: '1000000',
      XERO_CLIENT_ID: SECRETS.client,
      XERO_CLIENT_SECRET: SECRETS.secret,
      XERO_REFRESH_TOKEN: SECRETS.refresh,
      XERO_TENANT_ID: SECRETS.tenant,
      OPS_WEBHOOK: alerts.webhookUrl,
      SMTP_URL: alerts.smtpUrl,
      MORTISE_KEY: Buffer.alloc(32, 7).toString('base64'),
      MORTISE_STORE: store,
      MORTISE_PORT: '0',
      LOG_LEVEL: 'info',
    },
    async close() {
      await Promise.all([crm.close(), ledger.close(), alerts.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProcess {
  readonly done: Promise<ProcessEnd>;
  /** Asks it to end what is under way and stop. */
  stop(): void;
  kill(): void;
}

/** The generated service as its own process, as a client would start it. */
export function startService(
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
  main = SERVICE,
): RunningProcess {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...inheritEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const done = new Promise<ProcessEnd>((finish) => {
    child.on('close', (code) => finish({ code, stdout, stderr }));
  });
  return { done, stop: () => void child.kill('SIGTERM'), kill: () => void child.kill('SIGKILL') };
}

export async function runService(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<ProcessEnd> {
  return startService(environment, args).done;
}

export interface ReviewLine {
  readonly flow: string;
  readonly key: string;
  readonly reason: string;
  readonly rule: string;
}

export async function readReviews(
  environment: Readonly<Record<string, string>>,
  main = SERVICE,
): Promise<readonly ReviewLine[]> {
  const { stdout } = await startService(environment, ['review', 'list', '--json'], main).done;
  return stdout.trim() === ''
    ? []
    : stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as ReviewLine);
}
