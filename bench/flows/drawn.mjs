/** A flow as people draw them: rows of five mappings between branches, so many steps in all, without places of their own. */
export function drawnFlow(count) {
  const steps = [
    { id: 'start', name: 'Order paid', kind: 'trigger', connector: 'manual', trigger: 'started', config: {} },
  ];
  const edges = [];
  let above = ['start'];
  for (let at = 1; at < count; at += 1) {
    const id = `s${at}`;
    const isGate = at % 12 === 0;
    steps.push(
      isGate
        ? { id, name: `Large ${at}`, kind: 'filter', when: { $: 'trigger.body.amount > 10' } }
        : {
            id,
            name: `Shape ${at}`,
            kind: 'transform',
            input: { amount: { $: 'trigger.body.amount' }, name: `Order ${at}` },
          },
    );
    const from = isGate ? above : [above[at % above.length]];
    for (const one of from) edges.push({ from: one, to: id });
    above = isGate ? [id] : [...above.slice(-3), id];
  }
  return { schema: 'sluice.flow/1', slots: {}, steps, edges, settings: {}, layout: {}, notes: [] };
}
