import { ConnectorError, type Net, type SftpReply, type SftpRequest } from '@sluice/shared/connector';

type Done<Deed extends SftpRequest['do']> = Extract<SftpReply, { do: Deed }>;

/** Asks the server. Throws ConnectorError when it refuses. */
export async function ask<Deed extends SftpRequest['do']>(
  net: Net,
  request: SftpRequest & { do: Deed },
): Promise<Done<Deed>> {
  const reply = await net.sftp(request);
  if (reply.do === 'refused') {
    const code = reply.reason === 'denied' ? 'unauthorized' : 'rejected';
    throw new ConnectorError(code, reply.message);
  }
  if (isDone<Deed>(reply, request.do)) return reply;
  throw new ConnectorError('bad-reply', 'The SFTP server answered something else.');
}

function isDone<Deed extends SftpRequest['do']>(reply: SftpReply, deed: Deed): reply is Done<Deed> {
  return reply.do === deed;
}
