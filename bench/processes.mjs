import { readdirSync, readFileSync } from 'node:fs';

/** Of a clock tick in /proc, on every Linux that Node runs on. */
const msPerTick = 10;

/** CPU milliseconds that a process and all its children took so far, those that ended included. Undefined where there is no /proc. */
export function cpuMs(root) {
  return sumOf(root, ({ fields }) => {
    // utime, stime, and the same of children that were waited for: fields 14 to 17 of proc_pid_stat(5).
    const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
    return (utime + stime + cutime + cstime) * msPerTick;
  });
}

/** Resident memory in MiB of a process and all its children. */
export function rssMb(root) {
  return sumOf(
    root,
    ({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  );
}

/** Processes of the tree that run this program. Undefined where there is no /proc. */
export function countPrograms(root, file) {
  return sumOf(root, ({ pid }) => Number(readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(file)));
}

/** Over the tree below `root`. The database is a child of the product, and counted by itself: its branch is left out. */
function sumOf(root, of) {
  const processes = listProcesses();
  if (processes === undefined) return undefined;
  const isCounted = ({ pid, name }) => pid === root || name !== 'postgres' || rootIsDatabase;
  const rootIsDatabase = processes.find(({ pid }) => pid === root)?.name === 'postgres';
  let sum = 0;
  for (let level = processes.filter(({ pid }) => pid === root); level.length > 0; ) {
    for (const process of level) sum += of(process);
    const parents = new Set(level.map(({ pid }) => pid));
    level = processes.filter((process) => parents.has(process.parent) && isCounted(process));
  }
  return sum;
}

function listProcesses() {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(readProcess);
  } catch {
    return undefined;
  }
}

function readProcess(pid) {
  try {
    // `pid (name) state parent ...`: the name may hold spaces and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return [{ pid: Number(pid), name, parent: Number(fields[1]), fields }];
  } catch {
    return [];
  }
}
