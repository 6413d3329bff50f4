type Row = Record<string, unknown>;

/** The rows of an answer: pg gives them inside a result, TypeORM bare. */
export function rowsOf(answer: unknown): Row[] {
  if (Array.isArray(answer)) return answer;
  if (typeof answer === 'object' && answer !== null && 'rows' in answer && Array.isArray(answer.rows))
    return answer.rows;
  return [];
}
