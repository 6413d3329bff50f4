import { RE2JS } from 're2js';
import type { Budget } from '../budget.js';
import { ExpressionError, failure } from '../problem.js';
import type { RegexArgument } from '../tree.js';
import type { Match } from '../signature.js';
import { translate } from './translate.js';

export type FindAll = (subject: string, budget: Budget) => Iterable<Match>;

/** Compiles a regular expression to one that takes linear time. Throws an `ExpressionError` where it cannot. */
export function compileRegex({ source, flags, position }: RegexArgument): FindAll {
  try {
    const { pattern, groupCount, isPrompt } = translate(source, flags);
    const regex = RE2JS.compile(pattern);
    return (subject, budget) => findAll({ regex, groupCount, isPrompt, position, subject, budget });
  } catch (error) {
    const message = error instanceof ExpressionError ? error.message : 'This regular expression is not supported.';
    throw new ExpressionError({ code: 'expression.regex', message, position });
  }
}

interface Search {
  readonly regex: RE2JS;
  readonly groupCount: number;
  readonly isPrompt: boolean;
  readonly position: number;
  readonly subject: string;
  readonly budget: Budget;
}

function* findAll({ regex, groupCount, isPrompt, position, subject, budget }: Search): Generator<Match> {
  const matcher = regex.matcher(inUnits(subject));
  let from = 0;
  // Always from a given place: left to itself, the engine passes over an empty match next to the last one.
  while (matcher.find(from)) {
    const [start, end] = [matcher.start(), matcher.end()];
    budget.spend(1 + ((isPrompt ? end - from : subject.length - from) >> 2));
    if (from > 0 && start === end) throw failure('D1004', position);
    const groups = Array.from({ length: groupCount }, (_, index) => {
      const begin = matcher.start(index + 1);
      return begin < 0 ? undefined : subject.slice(begin, matcher.end(index + 1));
    });
    yield { text: subject.slice(start, end), start, end, groups };
    if (end >= subject.length) return;
    // An empty match would be found again and again.
    if (start === end) throw failure('D1004', position);
    from = end;
  }
  budget.spend((subject.length - from) >> 2);
}

/** Half of a character beyond U+FFFF counts as one, as it does in JavaScript: no pattern can tell it from its stand-in. */
function inUnits(subject: string): string {
  return subject.replace(/[\uD800-\uDFFF]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) + 0x800));
}
