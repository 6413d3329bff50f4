import type { MailMessage } from '@sluice/shared/connector';
import { linkOf, titleOf, type Told } from './notice-words.js';

/** A notice as a mail: who, how often, and a link; everything else is seen after signing in. */
export function mailOf(
  told: Told,
  { id, to, workspace, origin, firstAt }: { id: string; to: string; workspace: string; origin: string; firstAt: Date },
): MailMessage {
  const title = titleOf(told);
  const since = told.count === 1 ? '' : ` since ${firstAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    to: [to],
    subject: oneLine(`[Sluice] ${title}`).slice(0, 300),
    text: [
      `${oneLine(title)}${since}.`,
      '',
      `${origin}${linkOf(told)}`,
      '',
      `Workspace: ${oneLine(workspace)}`,
      `What you are told, and how: ${origin}/account`,
      '',
    ].join('\n'),
    messageId: `<${id}@${new URL(origin).hostname}>`,
  };
}

/** A name may hold anything; a header is one line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
