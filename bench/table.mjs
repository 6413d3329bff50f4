/** Prints the report's results as a table, a row a case. */
export function printTable({ node, cpus, postgres, results }) {
  const columns = [...new Set(Object.values(results).flatMap(Object.keys))];
  const rows = [
    ['case', ...columns],
    ...Object.entries(results).map(([name, row]) => [name, ...columns.map((column) => format(row[column]))]),
  ];
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  process.stdout.write(`node ${node}, ${cpus} CPUs, PostgreSQL ${postgres}\n\n`);
  for (const row of rows) {
    process.stdout.write(
      `${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ')}\n`,
    );
  }
}

function format(value) {
  if (value === undefined) return '';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);
}
