/** A file that a value names; what it is called is a stand-in. */
export interface FoundFile {
  file: string;
  type: string;
  bytes: number;
}

const most = 20;

/** The handles in a value as people see it, each once, the first twenty. */
export function filesIn(value: unknown): FoundFile[] {
  const found = new Map<string, FoundFile>();
  look(value);
  return [...found.values()];

  function look(part: unknown): void {
    if (typeof part !== 'object' || part === null || found.size >= most) return;
    const handle = asHandle(part);
    if (handle !== null) found.set(handle.file, handle);
    else for (const inner of Object.values(part)) look(inner);
  }
}

function asHandle(part: object): FoundFile | null {
  if (!('file' in part && 'type' in part && 'bytes' in part)) return null;
  const { file, type, bytes } = part;
  if (typeof file !== 'string' || typeof type !== 'string' || typeof bytes !== 'number') return null;
  return /^fil_[0-9a-f]{52}$/.test(file) ? { file, type, bytes } : null;
}
