/** One page of ListObjectsV2. */
export interface Listing {
  objects: { key: string; size: number; etag: string; last_modified: string }[];
  /** Null: that was the last page. */
  next: string | null;
}

/**
 * Reads the flat XML that S3 lists objects with; null for any other text. Keys come percent-encoded where the answer says
 * so, as they may hold what XML can't carry.
 */
export function readListing(xml: string): Listing | null {
  if (!/<ListBucketResult[\s>]/.test(xml)) return null;
  const isEncoded = textOf(xml, 'EncodingType') === 'url';
  const objects = [...xml.matchAll(/<Contents>([\s\S]*?)<\/Contents>/g)].map(([, entry = '']) => ({
    key: isEncoded ? decode(textOf(entry, 'Key')) : textOf(entry, 'Key'),
    size: Number(textOf(entry, 'Size')),
    etag: textOf(entry, 'ETag').replaceAll('"', ''),
    last_modified: textOf(entry, 'LastModified'),
  }));
  const isMore = textOf(xml.replaceAll(/<Contents>[\s\S]*?<\/Contents>/g, ''), 'IsTruncated') === 'true';
  return { objects, next: isMore ? textOf(xml, 'NextContinuationToken') || null : null };
}

function textOf(xml: string, name: string): string {
  const [, text = ''] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml) ?? [];
  return text.replaceAll(/&(amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});/g, (all, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? all;
    const code = Number(name.replace('#x', '0x').replace('#', ''));
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** As forms write it: a plus is a space. What is no such text stays as it came. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
