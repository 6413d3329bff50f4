/** An expression that passed the allow list: what `lower.ts` makes of the parser's tree, and all that gets compiled. */
export type Node = Kind & Traits;

export type Kind =
  | { readonly kind: 'path'; readonly steps: readonly Node[]; readonly keepsSingleton: boolean }
  | { readonly kind: 'sort'; readonly terms: readonly SortTerm[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descendant' }
  | { readonly kind: 'parent'; readonly label: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'negate'; readonly operand: Node }
  | { readonly kind: 'array'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'condition'; readonly test: Node; readonly then: Node; readonly otherwise: Node | null }
  /** `left ?? otherwise` and `left ?: otherwise`: the left side is evaluated once. */
  | { readonly kind: 'default'; readonly by: 'existence' | 'truth'; readonly left: Node; readonly otherwise: Node }
  | { readonly kind: 'block'; readonly items: readonly Node[]; readonly binds: boolean }
  | { readonly kind: 'bind'; readonly name: string; readonly value: Node }
  /** A built-in function. `losesContext`: the current value isn't there to stand in for a missing argument. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Argument[]; readonly losesContext: boolean }
  /** `subject ~> /regex/` where only its truth matters. */
  | { readonly kind: 'test'; readonly subject: Node; readonly regex: RegexArgument }
  /** An error that JSONata reports only once it gets there, after evaluating what stands before. */
  | { readonly kind: 'fault'; readonly before: readonly Node[]; readonly code: string };

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&'
  | '..'
  | 'in'
  | 'and'
  | 'or';

export type Argument = Node | FunctionArgument | RegexArgument;
export type FunctionArgument =
  | { readonly kind: 'lambda'; readonly position: number; readonly parameters: readonly string[]; readonly body: Node }
  | { readonly kind: 'builtin'; readonly position: number; readonly name: string };
export interface RegexArgument {
  readonly kind: 'regex';
  readonly position: number;
  readonly source: string;
  readonly flags: string;
}

export interface SortTerm {
  readonly isDescending: boolean;
  readonly expression: Node;
}
export interface Pair {
  readonly key: Node;
  readonly value: Node;
}
export type Stage =
  | { readonly kind: 'filter'; readonly predicate: Node }
  | { readonly kind: 'index'; readonly name: string };

/** What may be attached to any expression or, below the line, to a step of a path. */
export interface Traits {
  readonly position: number;
  readonly predicates: readonly Node[];
  readonly group: readonly Pair[] | null;
  readonly keepsArray: boolean;
  /** The last call of a lambda: JSONata hands its result on as it is, also an empty sequence. */
  readonly isRaw: boolean;
  readonly isConstructed: boolean;
  // -- steps only --
  readonly stages: readonly Stage[];
  readonly focus: string | null;
  readonly index: string | null;
  readonly ancestor: string | null;
  readonly isTuple: boolean;
}
