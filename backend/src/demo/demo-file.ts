import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateSecret } from 'otplib';
import { z } from 'zod';
import { StartProblem } from '../config/start-problem.js';

const endpointSchema = z.object({
  flow: z.enum(['payment', 'lead', 'refund']),
  environment: z.enum(['dev', 'staging']),
  /** Below the product's address, which follows from PORT. */
  path: z.string(),
  /** What its sender signs with. */
  secret: z.string(),
});
export type DemoEndpoint = z.output<typeof endpointSchema>;

const memberSchema = z.object({ name: z.string(), email: z.string(), role: z.string(), totpSecret: z.string() });
export type DemoMember = z.output<typeof memberSchema>;

/** What the demo has to remember from one start to the next. */
const demoSchema = z.object({
  /**
   * The product's data folder, inside the demo's. Named at random: for root the database may have to lie outside of it,
   * in a place that follows from the name, and a name that was used before would bring back what was thrown away.
   */
  house: z.string().regex(/^[\w-]+$/),
  /** Of every demo member; made at random, so that no installation has a password that others know. */
  password: z.string(),
  owner: memberSchema,
  members: z.array(memberSchema),
  endpoints: z.array(endpointSchema),
  isComplete: z.boolean(),
});
export type Demo = z.output<typeof demoSchema>;

const fileName = 'demo.json';

/** What an earlier start set up; else something new in an empty folder. Throws StartProblem when the folder isn't the demo's. */
export async function openDemo(folder: string, owner: Omit<DemoMember, 'totpSecret'>): Promise<Demo> {
  const earlier = await readDemo(folder);
  if (earlier?.isComplete) return earlier;
  if (earlier === null && (await isInUse(folder))) {
    throw new StartProblem(`${folder} holds something that is not the demo's: set SLUICE_DATA_DIR to another folder.`);
  }
  // A start that was stopped half-way left a folder with half of everything in it.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const demo: Demo = {
    house: randomBytes(6).toString('hex'),
    password: randomBytes(9).toString('base64url'),
    owner: { ...owner, totpSecret: generateSecret({ length: 20 }) },
    members: [],
    endpoints: [],
    isComplete: false,
  };
  await saveDemo(folder, demo);
  return demo;
}

export async function saveDemo(folder: string, demo: Demo): Promise<void> {
  const file = join(folder, fileName);
  await writeFile(`${file}.new`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function readDemo(folder: string): Promise<Demo | null> {
  const text = await readFile(join(folder, fileName), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return demoSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StartProblem(`${join(folder, fileName)} can't be read: remove ${folder} to begin anew.`, { cause });
  }
}

async function isInUse(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.length > 0;
}
