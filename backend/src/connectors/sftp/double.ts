import type { Fault, SftpDouble, SftpFile, SftpReply } from '@sluice/shared/connector';

const modifiedAt = '2026-01-05T08:00:00.000Z';

/** A server with two directories and one file of orders. `/in/denied.csv` is refused to everybody. */
export function sftpDouble({ host = 'files.example.org:22' }: { host?: string } = {}): SftpDouble {
  const files = new Map([['/in/orders.csv', 'number,total\n1017,129.00\n']]);
  const users = new Set<string>();
  const effects: string[] = [];
  let fault: Fault | undefined;

  const describe = (path: string, content: string): SftpFile => ({
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    kind: 'file',
    size: content.length,
    modifiedAt,
  });
  const no = (reason: 'not-found' | 'denied' | 'exists' | 'failed'): SftpReply => ({
    do: 'refused',
    reason,
    message: `The server said ${reason}.`,
  });
  const note = (effect: string) => {
    if (effects.at(-1) !== effect) effects.push(effect);
  };

  return {
    host,
    grant() {
      const username = `user-${users.size + 1}`;
      users.add(username);
      return { kind: 'sshKey', username };
    },
    accepts: ({ username }) => users.has(username),
    async ask(request): Promise<SftpReply | 'drop' | 'hang' | 'away'> {
      const now = fault;
      fault = undefined;
      if (now === 'timeout') return 'hang';
      if (now === 'rate-limit' || now === 'unavailable') return 'away';
      if (now === 'reject') return no('failed');
      const reply = answer();
      return now === 'drop-reply' ? 'drop' : reply;

      function answer(): SftpReply {
        if (request.do === 'host-key')
          return { do: 'host-key', type: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` };
        const { path } = request;
        const content = files.get(path);
        if (path === '/in/denied.csv') return no('denied');
        if (request.do === 'list') {
          const inside = [...files].filter(([name]) => name.startsWith(path === '/' ? path : `${path}/`));
          return { do: 'list', files: inside.map(([name, text]) => describe(name, text)), skipped: 0, isCut: false };
        }
        if (request.do === 'stat') return { do: 'stat', file: content === undefined ? null : describe(path, content) };
        if (request.do === 'delete') {
          if (files.delete(path)) note(`delete ${path}`);
          return { do: 'delete', wasThere: content !== undefined };
        }
        if (request.do === 'put') {
          if (content !== undefined && !request.replace) return no('exists');
          files.set(path, request.content);
          note(`put ${path}`);
          return { do: 'put', size: request.content.length };
        }
        if (content === undefined) return no('not-found');
        if (request.do === 'get') return { do: 'get', content, size: content.length };
        if (files.has(request.to) && !request.replace) return no('exists');
        files.delete(path);
        files.set(request.to, content);
        note(`move ${path} ${request.to}`);
        return { do: 'move' };
      }
    },
    effects: () => effects,
    failNext(next) {
      fault = next;
    },
  };
}
