/** A file of the output's folder `recordings/`. */
export interface RecordingFile {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}
