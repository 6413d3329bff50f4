import { type Contract, contracts } from '@sluice/shared/api';

/** The endpoints for people: one page without a script, made from the contracts like everything else. */
export function docsPage(origin: string): string {
  const byTag = Map.groupBy(contracts, ({ tag }) => tag);
  const menu = [...byTag.keys()].map((tag) => `<a href="#${tag}">${tag}</a>`).join(' · ');
  const sections = [...byTag].map(
    ([tag, group]) => `<h2 id="${tag}">${tag}</h2>${group.map((contract) => section(contract)).join('')}`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sluice API</title><style>${style}</style><main><h1>Sluice API</h1>
<p>Below <code>${escape(origin)}/api/v1</code>, in JSON. Programs read <a href="/api/v1/openapi.json">openapi.json</a>.
A write with a session needs an <code>Origin</code> header equal to this address, and takes <code>Idempotency-Key</code>.
Programs send an API token instead, <code>Authorization: Bearer slc_...</code>; they never have a fresh second factor.
Whatever is refused is answered with <code>{ code, message, requestId, issues? }</code>, changes nothing, and leaves one audit event.</p>
<p>${menu}</p>${sections.join('')}</main></html>`;
}

function section({ method, path, summary, access, stepUp, example }: Contract): string {
  const needs =
    access === 'public'
      ? 'Anyone'
      : access === 'signing-in'
        ? 'After the password'
        : access === 'member'
          ? 'Any member'
          : access === 'person'
            ? 'Any member with a session; no API token'
            : `Permission ${access}`;
  const body = example?.body === undefined ? '' : `<pre>${escape(JSON.stringify(example.body, null, 2))}</pre>`;
  return `<section><h3><b>${method}</b> <code>${escape(path)}</code></h3><p>${escape(summary)}.</p>
<p class="access">${needs}${stepUp === true ? ', with a fresh second factor' : ''}.</p>${body}</section>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const style = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{margin:0}main{max-width:760px;margin:32px auto;padding:0 16px}
h1{font-size:22px}h2{font-size:18px;margin-top:40px;border-bottom:1px solid #8884;text-transform:capitalize}h3{font-size:15px;margin:20px 0 0}
h3 b{display:inline-block;min-width:58px;color:#0b6b80}p{margin:4px 0}.access{opacity:.75;font-size:13px}
pre{background:#8881;padding:10px 12px;border-radius:7px;overflow:auto;font-size:12.5px}@media(prefers-color-scheme:dark){h3 b,a{color:#56c2d8}}`;
