import type { AuthInput } from '@sluice/shared/api';

export type AuthKind = AuthInput['kind'];

/** What the fields of any kind hold while a person types; only those of the chosen kind are sent. */
export interface AuthDraft {
  kind: AuthKind;
  token: string;
  username: string;
  password: string;
  place: 'header' | 'query';
  name: string;
  value: string;
}

export function emptyAuth(kind: AuthKind): AuthDraft {
  return { kind, token: '', username: '', password: '', place: 'header', name: '', value: '' };
}

export function authFromDraft(draft: AuthDraft): AuthInput {
  switch (draft.kind) {
    case 'none':
      return { kind: 'none' };
    case 'bearer':
      return { kind: 'bearer', token: draft.token };
    case 'basic':
      return { kind: 'basic', username: draft.username, password: draft.password };
    case 'apiKey':
      return { kind: 'apiKey', in: draft.place, name: draft.name, value: draft.value };
  }
}

export function isAuthComplete(draft: AuthDraft): boolean {
  switch (draft.kind) {
    case 'none':
      return true;
    case 'bearer':
      return draft.token !== '';
    case 'basic':
      return draft.username !== '' && draft.password !== '';
    case 'apiKey':
      return draft.name !== '' && draft.value !== '';
  }
}

export function isAuthKind(kind: string): kind is AuthKind {
  return kind === 'none' || kind === 'bearer' || kind === 'basic' || kind === 'apiKey';
}
