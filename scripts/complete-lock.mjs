// Adds to package-lock.json the packages for other platforms that the registry at hand did not serve when npm wrote it:
// `npm ci` refuses a lock file that names them as optional dependencies and does not list them. Run after `npm install`
// as `node scripts/complete-lock.mjs`. Such an entry has no integrity value; npm fills it in where the registry has the package.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(file, 'utf8'));

const systems = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  aix: 'aix',
  win32: 'win32',
  windows: 'win32',
  win: 'win32',
};
const processors = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'wasm32'];

/** What the package runs on, by the words of its name: "@oxlint/binding-linux-x64-musl". */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const system = words.map((word) => systems[word]).find((found) => found !== undefined);
  const processor = processors.find((candidate) => words.includes(candidate));
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return {
    ...(processor !== undefined && { cpu: [processor] }),
    ...(system === 'linux' && libc !== undefined && { libc: [libc] }),
    ...(system !== undefined && { os: [system] }),
  };
}

const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (nested in lock.packages || hoisted in lock.packages || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) continue;
    lock.packages[hoisted] = { version, ...platformOf(name), ...(entry.dev === true && { dev: true }), optional: true };
    added.push(`${name}@${version}`);
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} packages added.\n`);
