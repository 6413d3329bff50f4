/**
 * A host or `host:port` as the broker compares it: lower case, punycode, IPv4 in dots, no trailing dot. Null when it is
 * anything else: a switch that never matches would only look like one.
 */
export function readHostTarget(text: string): string | null {
  if (/[/?#@*\\\s]/.test(text)) return null;
  const [, name = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (!URL.canParse(`https://${name}/`) || (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535))) {
    return null;
  }
  const url = new URL(`https://${name}/`);
  const host = url.hostname.replace(/\.$/, '');
  if (url.port !== '' || host === '' || host.startsWith('.') || host.includes('..')) return null;
  return port === undefined ? host : `${host}:${Number(port)}`;
}
