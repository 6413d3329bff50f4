import { describe, expect, it } from 'vitest';
import { readConfig } from './env.js';

const key = Buffer.alloc(32, 1).toString('base64');
const transit = 'transit:https://bao.example.com:8200/team/transit/sluice';
const awsKms = 'aws-kms:arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [];
  }
}

describe('readConfig', () => {
  it('has a default for everything, and counts an empty variable as unset', () => {
    const config = readConfig({ PORT: '', SLUICE_ADMIN_EMAIL: '' });
    expect(config).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      admin: null,
      databaseUrl: null,
      journalLanes: 2,
    });
    expect([...config.roles]).toEqual(['server', 'worker', 'broker']);
    expect(config.dataDir).toBe(`${process.cwd()}/data`);
    expect(config).toSatisfy(Object.isFrozen);
  });

  it('reads lists, keys and the first owner', () => {
    const config = readConfig({
      SLUICE_ROLES: 'server, broker',
      SLUICE_ROOT_KEY: key,
      SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1:4010, 10.0.0.0/8,[::1]:4011',
      SLUICE_DOUBLES: 'api.stripe.com=http://127.0.0.1:4012,smtp.example.com=smtp://127.0.0.1:4025',
      SLUICE_ADMIN_EMAIL: 'ada@example.com',
      SLUICE_ADMIN_PASSWORD: 'correct horse battery',
      SLUICE_ADMIN_TOTP_SECRET: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      PUBLIC_URL: 'https://flows.example.com/',
    });
    expect([...config.roles]).toEqual(['server', 'broker']);
    expect(config.rootKey?.symmetricKeySize).toBe(32);
    expect(config.allowPrivateHosts).toEqual(['127.0.0.1:4010', '10.0.0.0/8', '[::1]:4011']);
    expect(Object.fromEntries(config.doubles)).toEqual({
      'api.stripe.com': 'http://127.0.0.1:4012',
      'smtp.example.com': 'smtp://127.0.0.1:4025',
    });
    expect(config.admin?.email).toBe('ada@example.com');
    expect(config.publicUrl).toBe('https://flows.example.com');
  });

  it('reads how much each workspace may store', () => {
    const { quota } = readConfig({ SLUICE_WORKSPACE_QUOTA: '500MB, wsp_0123abcd=2TB' });
    expect([quota.each, quota.byWorkspace.get('wsp_0123abcd')]).toEqual([500 * 1024 ** 2, 2 * 1024 ** 4]);
    expect(readConfig({}).quota.each).toBe(10 * 1024 ** 3);
    for (const wrong of ['10', '-1GB', 'wsp_a=1GB', '1GB;2GB'])
      expect(problemsOf({ SLUICE_WORKSPACE_QUOTA: wrong })[0]).toMatch(
        /^SLUICE_WORKSPACE_QUOTA must be a size such as/,
      );
  });

  it('reads the mail server, with its sender or not at all, and takes the password as a key', () => {
    const from = 'Sluice <sluice@example.com>';
    const read = (url: string) => readConfig({ SLUICE_SMTP_URL: url, SLUICE_SMTP_FROM: from }).smtp;
    expect(read('smtps://ada:p%40ss@mail.example.com')).toMatchObject({
      host: 'mail.example.com',
      port: 465,
      tls: 'required',
      username: 'ada',
      from,
    });
    expect(read('smtps://ada:p%40ss@mail.example.com')?.password?.export().toString()).toBe('p@ss');
    expect(read('smtp://mail.example.com')).toMatchObject({
      port: 587,
      tls: 'starttls',
      username: null,
      password: null,
    });
    expect(read('smtp://127.0.0.1:25?tls=none')).toMatchObject({ port: 25, tls: 'none' });
    expect(readConfig({}).smtp).toBeNull();
    expect(problemsOf({ SLUICE_SMTP_URL: 'smtp://mail.example.com' })[0]).toMatch(/must be set together/);
    for (const wrong of [
      'mail.example.com',
      'https://mail.example.com',
      'smtp://ada:hunter2@m/x',
      'smtps://m?tls=none',
    ])
      expect(problemsOf({ SLUICE_SMTP_URL: wrong, SLUICE_SMTP_FROM: from }).join()).toMatch(
        /SLUICE_SMTP_URL must be smtps/,
      );
  });

  it('reads where large values go, whole or not at all', () => {
    const s3 = {
      SLUICE_S3_ENDPOINT: 'https://s3.example.com',
      SLUICE_S3_BUCKET: 'sluice-values',
      SLUICE_S3_ACCESS_KEY: 'AKEXAMPLE',
      SLUICE_S3_SECRET_KEY: 'a secret key',
    };
    expect(readConfig(s3).s3).toMatchObject({ bucket: 'sluice-values', region: 'us-east-1' });
    expect(readConfig({}).s3).toBeNull();
    expect(problemsOf({ ...s3, SLUICE_S3_BUCKET: '' })[0]).toMatch(/must be set together/);
    expect(problemsOf({ ...s3, SLUICE_S3_ENDPOINT: 'https://s3.example.com/b' })[0]).toMatch(/must be an origin only/);
  });

  it('reads which service holds the root key', () => {
    expect(readConfig({ SLUICE_KMS: transit, SLUICE_KMS_TOKEN_FILE: '/run/token' }).keyService).toEqual({
      kind: 'transit',
      origin: 'https://bao.example.com:8200',
      mount: 'team/transit',
      key: 'sluice',
      token: null,
      tokenFile: '/run/token',
    });
    const keys = { SLUICE_KMS_ACCESS_KEY: 'AKIAEXAMPLE', SLUICE_KMS_SECRET_KEY: 'a secret key' };
    expect(readConfig({ SLUICE_KMS: awsKms, ...keys }).keyService).toMatchObject({
      kind: 'aws-kms',
      region: 'eu-central-1',
      endpoint: 'https://kms.eu-central-1.amazonaws.com',
    });
    expect(readConfig({}).keyService).toBeNull();
  });

  it('tells every problem at once, by name and reason, and never a value', () => {
    const problems = problemsOf({
      PORT: '70000',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      SLUICE_ROOT_KEY: 'hunter2',
      SLUICE_ROLES: 'server,hunter2',
      SLUICE_DOUBLES: 'hunter2',
      LOG_LEVEL: 'hunter2',
      SLUICE_ADMIN_TOTP_SECRET: 'hunter2',
      PUBLIC_URL: 'hunter2',
      SLUICE_FAULT: 'hunter2',
    });
    expect(problems).toHaveLength(9);
    expect(problems).toContain('PORT must be a whole number from 0 to 65535.');
    expect(problems.join('\n')).not.toContain('hunter2');
  });

  it.each([
    [{ HOST: '192.168.1.5' }, /^PUBLIC_URL must be the https address/],
    [{ PUBLIC_URL: 'http://flows.example.com' }, /^PUBLIC_URL must be the https address/],
    [{ PUBLIC_URL: 'https://flows.example.com/app' }, /^PUBLIC_URL must be an origin only/],
    [{ PUBLIC_URL: 'https://user:word@flows.example.com' }, /^PUBLIC_URL must be an origin only/],
    [{ PUBLIC_URL: 'http://127.0.0.1.example.com' }, /^PUBLIC_URL must be the https address/],
    [{ SLUICE_KMS: 'vault:transit' }, /^SLUICE_KMS must be transit:https/],
    [{ SLUICE_KMS: 'aws-kms:arn:aws:kms:eu-central-1:111122223333:alias/sluice' }, /not of an alias/],
    [{ SLUICE_KMS: transit }, /^SLUICE_KMS must come with either SLUICE_KMS_TOKEN or/],
    [{ SLUICE_KMS: transit, SLUICE_KMS_TOKEN: 'hvs.12345', SLUICE_KMS_TOKEN_FILE: '/t' }, /either SLUICE_KMS_TOKEN or/],
    [{ SLUICE_KMS: awsKms, SLUICE_KMS_ACCESS_KEY: 'AKIA' }, /must come with SLUICE_KMS_ACCESS_KEY and/],
    [{ SLUICE_ADMIN_EMAIL: 'ada@example.com' }, /must be set together/],
    [{ SLUICE_ADMIN_TOTP_SECRET: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }, /must come with SLUICE_ADMIN_EMAIL/],
    [{ SLUICE_ROLES: 'worker,broker' }, /^DATABASE_URL must be set/],
    [{ SLUICE_ROLES: 'server,server' }, /^SLUICE_ROLES must name each role once/],
    [
      { SLUICE_ROLES: 'server,worker', SLUICE_DATA_DIR: `/${'d'.repeat(100)}` },
      /^SLUICE_BROKER_SOCKET must be set to a path of at most 103 bytes/,
    ],
  ])('refuses %o', (env, reason) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(reason)]);
  });

  it('looks for the broker’s socket in the data folder, and asks for none where it is not used', () => {
    expect(readConfig({ SLUICE_DATA_DIR: '/srv/sluice' }).brokerSocket).toBe('/srv/sluice/broker.sock');
    expect(readConfig({ SLUICE_BROKER_SOCKET: '/run/b.sock' }).brokerSocket).toBe('/run/b.sock');
    expect(problemsOf({ SLUICE_DATA_DIR: `/${'d'.repeat(100)}` })).toEqual([]);
  });

  it.each(['http://localhost:3000', 'http://127.0.0.1:80', 'http://[::1]:3000'])('takes %s without https', (url) => {
    expect(readConfig({ PUBLIC_URL: url }).publicUrl).toBe(new URL(url).origin);
  });

  it('names a wildcard address localhost', () => {
    expect(readConfig({ HOST: '0.0.0.0', PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
  });
});
