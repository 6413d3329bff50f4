import { authApi, membersApi, type Role } from '@sluice/shared/api';
import { Client } from './client.js';
import { Codes } from './codes.js';
import type { Demo, DemoMember } from './demo-file.js';

export const owner = { name: 'Ida Olsen', email: 'ida@shop.example', role: 'owner' };

const invited = {
  builder: { name: 'Lena Brandt', email: 'lena@shop.example' },
  approver: { name: 'Mira Sato', email: 'mira@shop.example' },
  operator: { name: 'Noor Haddad', email: 'noor@shop.example' },
  auditor: { name: 'Tom Vogel', email: 'tom@shop.example' },
} satisfies Partial<Record<Role, { name: string; email: string }>>;
type InvitedRole = keyof typeof invited;
const invitedRoles: readonly InvitedRole[] = ['builder', 'approver', 'operator', 'auditor'];

/** A member with a session and the codes that are left of their authenticator. */
export interface Person {
  client: Client;
  codes: Codes;
}

export type Team = Readonly<Record<'owner' | 'builder' | 'approver', Person>>;

/** The owner invites everybody; each uses their link, chooses a password and enrols an authenticator. */
export async function gather(url: string, demo: Demo): Promise<{ team: Team; members: DemoMember[] }> {
  const ida = { client: new Client(url), codes: new Codes(demo.owner.totpSecret) };
  await ida.client.signIn({ email: owner.email, password: demo.password }, ida.codes);
  await ida.client.giveCode(authApi.stepUp, ida.codes);
  const { id } = await ida.client.call(authApi.me);
  await ida.client.call(membersApi.update, { params: { id }, body: { name: owner.name } });
  const members: DemoMember[] = [];
  const people = new Map<InvitedRole, Person>();
  for (const role of invitedRoles) {
    const { person, totpSecret } = await invite(ida.client, role, demo.password);
    members.push({ ...invited[role], role, totpSecret });
    people.set(role, person);
  }
  const [builder, approver] = [people.get('builder'), people.get('approver')];
  if (builder === undefined || approver === undefined) throw new Error('Somebody was not invited');
  return { team: { owner: ida, builder, approver }, members };
}

async function invite(
  inviter: Client,
  role: InvitedRole,
  password: string,
): Promise<{ person: Person; totpSecret: string }> {
  const { setupUrl } = await inviter.call(membersApi.invite, { body: { ...invited[role], roles: [role] } });
  const client = new Client(inviter.url);
  const token = new URLSearchParams(new URL(setupUrl).hash.slice(1)).get('token') ?? '';
  await client.call(authApi.setup, { body: { token, password } });
  const { secret } = await client.call(authApi.enrol);
  const codes = new Codes(secret);
  await client.giveCode(authApi.totp, codes);
  return { person: { client, codes }, totpSecret: secret };
}

/** For reading what became of the events: nobody but an operator would look. */
export async function signInOperator(url: string, demo: Demo): Promise<Client> {
  const operator = demo.members.find(({ role }) => role === 'operator');
  if (operator === undefined) throw new Error('The demo has no operator');
  const client = new Client(url);
  await client.signIn({ email: operator.email, password: demo.password }, new Codes(operator.totpSecret));
  return client;
}
