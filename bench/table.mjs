/** Prints the report's results, a line a figure. */
export function printTable({ node, cpus, postgres, results }) {
  const lines = Object.entries(results).flatMap(([name, figures]) =>
    Object.entries(figures)
      .filter(([, value]) => value !== undefined)
      .map(([figure, value], at) => [at === 0 ? name : '', figure, format(value)]),
  );
  const widths = [0, 1, 2].map((at) => Math.max(0, ...lines.map((line) => line[at].length)));
  process.stdout.write(`node ${node}, ${cpus} CPUs, PostgreSQL ${postgres}\n\n`);
  for (const [name, figure, value] of lines)
    process.stdout.write(`${name.padEnd(widths[0])}  ${figure.padEnd(widths[1])}  ${value.padStart(widths[2])}\n`);
}

function format(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}
