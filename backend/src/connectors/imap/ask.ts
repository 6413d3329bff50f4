import { ConnectorError, type ImapReply, type ImapRequest, type Net } from '@sluice/shared/connector';

type Done<Deed extends ImapRequest['do']> = Extract<ImapReply, { do: Deed }>;

/** Asks the server. Throws ConnectorError when it refuses. */
export async function ask<Deed extends ImapRequest['do']>(
  net: Net,
  request: ImapRequest & { do: Deed },
): Promise<Done<Deed>> {
  const reply = await net.imap(request);
  if (reply.do === 'refused') {
    throw new ConnectorError(reply.reason === 'read-only' ? 'unauthorized' : 'rejected', reply.message);
  }
  if (isDone<Deed>(reply, request.do)) return reply;
  throw new ConnectorError('bad-reply', 'The IMAP server answered something else.');
}

function isDone<Deed extends ImapRequest['do']>(reply: ImapReply, deed: Deed): reply is Done<Deed> {
  return reply.do === deed;
}
