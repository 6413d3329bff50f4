// Builds one of the repository's TypeScript programs into one file and becomes it: `node scripts/run-source.mjs file.ts [arguments]`.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildProgram } from '../backend/test/build-program.ts';

const [, , entry = ''] = process.argv;
const { file } = await buildProgram(entry);
process.once('exit', () => rmSync(dirname(file), { recursive: true, force: true }));
process.argv.splice(1, 2, file);
process.setSourceMapsEnabled(true);
await import(file);
