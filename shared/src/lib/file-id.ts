/** The run that brought a file in: its id is part of the file's. */
export function runOfFile(file: string): string {
  return `run_${file.slice(4, 40)}`;
}
