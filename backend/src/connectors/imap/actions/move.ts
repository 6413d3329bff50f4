import { z } from 'zod';
import { ask } from '../ask.js';
import { imap } from '../connector.js';
import { mailboxSchema, placeClasses, placeFields } from '../mail.js';

export const move = imap.action({
  title: 'Move a mail',
  description: 'Moves one mail to another mailbox of the account; that it is gone already is no failure.',
  scopes: ['mail.write'],
  effect: { class: 'natural' },
  method: 'MOVE',
  path: '/*',
  directs: ['to'],
  input: z.strictObject({ ...placeFields, to: mailboxSchema.meta({ title: 'To' }) }),
  output: z.object({ wasThere: z.boolean() }),
  classes: { ...placeClasses, to: 'internal' },
  outputClasses: { wasThere: 'public' },
  replyFields: ['wasThere'],
  sample: { input: { mailbox: 'INBOX', uid: 1017, uidValidity: 4, to: 'Archive' }, output: { wasThere: true } },
  async run({ net }, { mailbox, uid, uidValidity, to }) {
    const { wasThere } = await ask(net, { do: 'move', mailbox, uid, uidValidity, to });
    return { wasThere };
  },
});
