/** All the compiler knows of the outside: files, and which day it is. Paths are absolute, with `/`. */
export interface Host {
  /** The file's text, or undefined where there is none. */
  readFile(path: string): string | undefined;
  writeFile(path: string, text: string): void;
  removeFile(path: string): void;
  /** Every file below the folder, relative to it, sorted; empty where the folder is missing. */
  listFiles(folder: string): readonly string[];
  resolve(...parts: readonly string[]): string;
  relative(from: string, to: string): string;
  /** The path with symbolic links followed, or undefined where there is nothing. */
  realPath(path: string): string | undefined;
  /** The day by UTC, as YYYY-MM-DD: what is allowed ends. Nothing that is emitted holds it. */
  today(): string;
}
