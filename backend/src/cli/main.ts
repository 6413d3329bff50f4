import { auditVerify } from './audit-verify.js';
import type { Command } from './command.js';
import { doctor } from './doctor.js';
import { expression } from './expression.js';
import { keysRotate, keysStatus } from './keys.js';

const commands: readonly Command[] = [
  { name: 'audit verify', summary: 'check an exported audit log, offline', run: auditVerify },
  { name: 'doctor', summary: 'check keys, secrets, rights and files of an installation', run: doctor },
  { name: 'expression', summary: 'evaluate expressions, a line each', run: expression },
  { name: 'keys rotate', summary: 'a new version of keys, or of the root key', run: keysRotate },
  { name: 'keys status', summary: 'versions of keys, and what still needs an old one', run: keysStatus },
];

/** Finds the command by its words; the rest is its own. */
async function main(args: string[]): Promise<number> {
  const io = {
    write: (line: string) => void process.stdout.write(`${line}\n`),
    error: (line: string) => void process.stderr.write(`${line}\n`),
  };
  const command = commands.find(({ name }) => name.split(' ').every((word, at) => args[at] === word));
  if (command !== undefined) return await command.run(args.slice(command.name.split(' ').length), io);
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`);
  const usage = ['Usage: npm run cli -- COMMAND', '', ...lines, '', 'Each takes --help and --json.'].join('\n');
  if (args.length === 0 || args[0] === '--help') {
    io.write(usage);
    return 0;
  }
  io.error(`There is no command "${args.join(' ')}".\n${usage}`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
