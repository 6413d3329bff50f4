import { attachment } from './actions/attachment.js';
import { list } from './actions/list.js';
import { mark } from './actions/mark.js';
import { move } from './actions/move.js';
import { imap } from './connector.js';
import { newMail } from './triggers/new-mail.js';

export const connector = imap.build({
  actions: { 'mails.list': list, 'mails.attachment': attachment, 'mails.mark': mark, 'mails.move': move },
  triggers: { 'mail.new': newMail },
});
