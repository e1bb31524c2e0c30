import type { FaultCounter } from './fault-plan.ts';

/** One request as it arrived, with what was answered; 'cut' means the socket was destroyed. */
export interface RecordedRequest {
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly status: number | 'cut';
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly RecordedRequest[];
  /** What a careful client would never have sent, in words. */
  readonly violations: readonly string[];
  readonly faults: FaultCounter;
  close(): Promise<void>;
}
