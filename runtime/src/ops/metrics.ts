import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The service's own numbers, in Prometheus' form. */
export interface Metrics {
  readonly calls: Counter<'system' | 'operation' | 'outcome'>;
  readonly retries: Counter<'system' | 'operation'>;
  readonly waits: Counter<'system'>;
  readonly callSeconds: Histogram<'system' | 'operation'>;
  readonly records: Counter<'flow' | 'state'>;
  readonly lastPass: Gauge<'flow'>;
  /** Messages in a row that a channel of alerts has not taken; 0 once it takes one. */
  readonly channelFailures: Gauge<'channel'>;
  /** Lines that were said to nobody: whoever read them has gone. */
  readonly lostLines: Counter;
  readonly registry: Registry;
}

export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  return {
    registry,
    lostLines: new Counter({
      name: 'mortise_log_lines_lost_total',
      help: 'Lines of the log that could not be written',
      registers,
    }),
    calls: new Counter({
      name: 'mortise_calls_total',
      help: 'Calls by system, operation and outcome',
      labelNames: ['system', 'operation', 'outcome'],
      registers,
    }),
    retries: new Counter({
      name: 'mortise_retries_total',
      help: 'Tries after the first, inside one call',
      labelNames: ['system', 'operation'],
      registers,
    }),
    waits: new Counter({
      name: 'mortise_waits_total',
      help: 'Times that a system asked to wait',
      labelNames: ['system'],
      registers,
    }),
    callSeconds: new Histogram({
      name: 'mortise_call_seconds',
      help: 'Duration of one try',
      labelNames: ['system', 'operation'],
      registers,
    }),
    records: new Counter({
      name: 'mortise_records_total',
      help: 'Records that came into a state',
      labelNames: ['flow', 'state'],
      registers,
    }),
    channelFailures: new Gauge({
      name: 'mortise_alert_channel_failures',
      help: 'Alerts in a row that a channel has not taken',
      labelNames: ['channel'],
      registers,
    }),
    lastPass: new Gauge({
      name: 'mortise_last_pass_timestamp_seconds',
      help: 'When the last reading pass of a flow ended',
      labelNames: ['flow'],
      registers,
    }),
  };
}
