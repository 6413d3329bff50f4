import { describe, expect, it } from 'vitest';
import { checkPassword, hashPassword, verifyPassword } from './passwords.js';

const about = { email: 'mara.lindqvist@example.com', name: 'Mara Lindqvist' };

describe('checkPassword', () => {
  it.each(['password1', 'Qwertyuiop', 'iloveyou', '12345678', 'PASSWORD1'])(
    'refuses %s, which everybody tries first',
    (password) => {
      expect(checkPassword(password, about)).not.toEqual([]);
    },
  );

  it.each(['short', 'aaaaaaaaaaaa', 'mara.lindqvist', 'maralindqvist@example.com', 'sluice'])(
    'refuses %s',
    (password) => {
      expect(checkPassword(password, about)).not.toEqual([]);
    },
  );

  it.each(['correct horse battery', 'kühler Bach im Mai', 'x7!kq92-vb', '密码是一个很长的句子'])(
    'takes %s, whatever kinds of characters it has',
    (password) => {
      expect(checkPassword(password, about)).toEqual([]);
    },
  );
});

describe('verifyPassword', () => {
  it('knows the password however its accents are composed', async () => {
    const stored = await hashPassword('caf\u00e9 au lait');

    expect(await verifyPassword(stored, 'cafe\u0301 au lait')).toBe(true);
    expect(await verifyPassword(stored, 'cafe au lait')).toBe(false);
    expect(stored).toMatch(/^\$argon2id\$/);
  });

  it('refuses everything for a member without a password', async () => {
    expect(await verifyPassword(null, 'nobody has this password')).toBe(false);
  });
});
