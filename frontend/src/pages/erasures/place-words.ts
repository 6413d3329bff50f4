const words: Readonly<Record<string, string>> = {
  event: 'What came in',
  file: 'A file',
  'business key': 'Business key',
  error: 'Error',
  question: 'What an approval asked',
  answer: 'What was answered',
  'closing reason': 'Why it was closed',
  'message id': 'Message id',
  address: 'Sender’s address',
  refusal: 'Why it was refused',
  value: 'What the flow remembers',
};

/** Places of a finding in a sentence: `What came in, steps clean and pay`. */
export function placeWords(places: readonly string[]): string {
  const steps = places.flatMap((place) => (place.startsWith('step ') ? [place.slice('step '.length)] : []));
  const others = places.flatMap((place) => (place.startsWith('step ') ? [] : [words[place] ?? place]));
  const [first, ...more] = [
    ...others,
    ...(steps.length === 0 ? [] : [`step${steps.length === 1 ? '' : 's'} ${listed(steps)}`]),
  ];
  return [first?.replace(/^step/, 'Step'), ...more.map((part) => part[0]?.toLowerCase() + part.slice(1))].join(', ');
}

const mostNamed = 4;

function listed(names: readonly string[]): string {
  if (names.length > mostNamed) return `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`;
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
