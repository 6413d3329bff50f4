/** What one look showed. `todo` is there unless all is well. */
export interface Finding {
  area: 'files' | 'keys' | 'secrets' | 'algorithms' | 'rights';
  state: 'well' | 'warning' | 'wrong';
  what: string;
  todo: string | null;
}

export function well(area: Finding['area'], what: string): Finding {
  return { area, state: 'well', what, todo: null };
}

export function warning(area: Finding['area'], what: string, todo: string): Finding {
  return { area, state: 'warning', what, todo };
}

export function wrong(area: Finding['area'], what: string, todo: string): Finding {
  return { area, state: 'wrong', what, todo };
}
