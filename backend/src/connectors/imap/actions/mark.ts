import { imapMarks } from '@sluice/shared/connector';
import { z } from 'zod';
import { ask } from '../ask.js';
import { imap } from '../connector.js';
import { placeClasses, placeFields } from '../mail.js';

export const mark = imap.action({
  title: 'Mark a mail',
  description:
    'Marks one mail as read, flagged or answered, or takes the mark away; that the mail is gone is no failure.',
  scopes: ['mail.write'],
  effect: { class: 'natural' },
  method: 'MARK',
  path: '/*',
  callFrom: { path: 'mailbox', below: '/' },
  input: z.strictObject({
    ...placeFields,
    as: z.enum(imapMarks).default('read').meta({ title: 'As' }),
  }),
  output: z.object({ wasThere: z.boolean() }),
  classes: { ...placeClasses, as: 'public' },
  outputClasses: { wasThere: 'public' },
  replyFields: ['wasThere'],
  sample: { input: { mailbox: 'INBOX', uid: 1017, uidValidity: 4, as: 'read' }, output: { wasThere: true } },
  async run({ net }, { mailbox, uid, uidValidity, as }) {
    const { wasThere } = await ask(net, { do: 'mark', mailbox, uid, uidValidity, as });
    return { wasThere };
  },
});
