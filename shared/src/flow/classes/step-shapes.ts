import type { Catalogue } from '../../connector/describe.js';
import { type FieldClass, fieldClassSchema } from '../../connector/field-class.js';
import type { FlowDocument, Step, StepOf } from '../document.js';
import { ownMember } from '../own-member.js';
import { isFields, mappingsOf } from '../step-mappings.js';
import { type Label, labelOf, moved, unionOf } from './label.js';
import { mappingShape, type Scope } from './mapping-shape.js';
import { declaredShape, leaf, publicShape, type Shape, shapeOf } from './shape.js';

/** What a step takes and gives. */
export interface StepClasses {
  /** Of what it was given, by the names of its form: `email` of an action, `question` of an approval. */
  readonly input: Shape;
  readonly output: Shape;
}

export interface Around {
  readonly document: FlowDocument;
  readonly catalogue: Catalogue;
  /** What other flows answer, by id; one that isn't named is unknown. */
  readonly answers: Readonly<Record<string, readonly FieldClass[]>>;
  readonly scope: Scope;
  /** What the flow's own state may hold. */
  readonly state: Label;
}

/** `trigger` as expressions see it. What nobody says anything of is unknown, and unknown is personal. */
export function triggerShape(step: StepOf<'trigger'>, catalogue: Catalogue): Shape {
  const { id } = step;
  const connector = ownMember(catalogue, step.connector);
  const declared = connector?.triggers.find((trigger) => trigger.id === step.trigger)?.classes ?? {};
  const place = { step: id, field: 'body' };
  const body = declaredShape({ ...declared, ...heldBy(step) }, labelOf('personal', id, 'body'), place);
  const own = ['id', 'receivedAt'].map((name): [string, Shape] => [name, leaf(labelOf('internal', id, name))]);
  return shapeOf(labelOf('personal', id, ''), new Map([['body', body], ...own]));
}

/** What the flow says of the fields of its trigger's body: that they hold more than personal data, never less. */
function heldBy({ config }: StepOf<'trigger'>): Record<string, FieldClass> {
  const holds = config['holds'];
  const said = isFields(holds) ? Object.entries(holds) : [];
  return Object.fromEntries(
    said.flatMap(([path, given]) => {
      const { data } = fieldClassSchema.safeParse(given);
      return data === undefined ? [] : [[path, data === 'public' || data === 'internal' ? 'personal' : data]];
    }),
  );
}

/** A step that holds no steps, and is no trigger. */
export function stepClasses(step: Step, around: Around): StepClasses {
  const input = inputShape(step, around.scope);
  const output = outputShape(step, input, around);
  const mayFail = 'onError' in step && step.onError === 'port';
  return { input, output: mayFail ? withError(step.id, output, input) : output };
}

/** A step's own words, by the names of its form. */
function inputShape(step: Step, scope: Scope): Shape {
  const fields = mappingsOf(step).map(({ path, value }) => {
    const names = path.filter((name, index) => index > 0 || name !== 'input').map(String);
    return { names, shape: mappingShape(value, { step: step.id, field: names.join('.') }, scope) };
  });
  return nested(fields);
}

function nested(fields: readonly { names: readonly string[]; shape: Shape }[]): Shape {
  const byName = Map.groupBy(fields, ({ names }) => names[0] ?? '');
  return shapeOf(
    publicShape.own,
    new Map(
      [...byName].map(([name, inside]) => {
        const whole = inside.find(({ names }) => names.length === 1);
        return [name, whole?.shape ?? nested(inside.map(({ names, shape }) => ({ names: names.slice(1), shape })))];
      }),
    ),
  );
}

function outputShape(step: Step, input: Shape, { catalogue, document, answers, state }: Around): Shape {
  const { id } = step;
  const given = moved(input.all, id, '');
  /** Whatever it is: unknown data, or an echo of what the step was given. */
  const unknown = unionOf([labelOf('personal', id, ''), given]);
  const internal = (name: string): [string, Shape] => [name, leaf(labelOf('internal', id, name))];
  switch (step.kind) {
    case 'action': {
      const connector = ownMember(catalogue, ownMember(document.slots, step.slot)?.connector);
      const action = connector?.actions.find((one) => one.id === step.action);
      return declaredShape(action?.outputClasses ?? {}, unknown, { step: id, field: '' });
    }
    case 'transform':
      return input;
    case 'callback':
    case 'code':
      return leaf(unknown);
    case 'approval':
      return shapeOf(labelOf('personal', id, ''), new Map([internal('decision'), internal('by'), internal('at')]));
    case 'subflow': {
      const answered = answers[step.flow]?.map((name) => labelOf(name, id, 'body')) ?? [];
      const body = leaf(unionOf([...answered, unknown]));
      return shapeOf(unknown, new Map([internal('run'), internal('status'), ['body', body]]));
    }
    case 'state':
      return shapeOf(unionOf([moved(state, id, ''), unknown]), new Map([internal('found'), internal('first')]));
    default:
      return leaf(given);
  }
}

/** What the error port carries: a message may quote what the step was given. */
function withError(id: string, { own, fields }: Shape, input: Shape): Shape {
  const message = unionOf([labelOf('personal', id, 'error'), moved(input.all, id, 'error')]);
  const error = shapeOf(message, new Map([['code', leaf(labelOf('internal', id, 'error.code'))]]));
  return shapeOf(own, new Map([...fields, ['error', error]]));
}
