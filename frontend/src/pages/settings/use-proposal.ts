import { allowsIn, type Environment, environmentsApi } from '@sluice/shared/api';
import { useQuery } from '@tanstack/react-query';
import { meQuery, membersQuery } from '../../api/queries.js';
import { now } from '../../lib/now.js';
import { useWrite } from '../step-up/use-write.js';

const renews = [['environments'], ['grants']];

/** What waits in an environment, whom it waits for, and what the reader may do about it; null: nothing waits. */
export function useProposal(environment: Environment, onDone: () => void) {
  const { id, name, proposal } = environment;
  const me = useQuery(meQuery()).data;
  const members = useQuery({ ...membersQuery(), enabled: proposal !== null }).data?.items ?? [];
  const confirm = useWrite(environmentsApi.confirm, { renews, onDone });
  const refuse = useWrite(environmentsApi.refuse, { renews, onDone });
  if (proposal === null) return null;
  const isMine = proposal.by.id === me?.id;
  const others = members.filter(
    (member) => member.id !== proposal.by.id && member.status === 'active' && allowsIn(member, 'grants.decide', name),
  );
  const isAlone = others.length === 0;
  const mayDecide = me !== undefined && allowsIn(me, 'grants.decide', name);
  const params = { id };
  return {
    proposal,
    isMine,
    isAlone,
    mayDecide,
    /** Those who may agree besides whoever asked. */
    waitsFor: others.map((member) => member.name),
    mayConfirm: mayDecide && (!isMine || (isAlone && now().getTime() >= Date.parse(proposal.aloneFrom))),
    asking: confirm.asking || refuse.asking,
    busy: confirm.busy || refuse.busy,
    problem: confirm.problem ?? refuse.problem,
    confirm: () =>
      confirm.run({
        input: { params, body: { proposal: proposal.id } },
        confirm: {
          title: `Loosen the rules of ${name}`,
          body: `${proposal.by.name} asked for it. Less is asked in ${name} from then on.`,
          verb: 'Confirm the change',
          danger: true,
          always: true,
        },
      }),
    refuse: () =>
      refuse.run({
        input: (reason) => ({ params, body: { proposal: proposal.id, reason } }),
        confirm: {
          title: isMine ? 'Withdraw the change' : 'Refuse the change',
          body: `The rules of ${name} stay as they are.`,
          verb: isMine ? 'Withdraw' : 'Refuse',
          reasonLabel: 'Why, kept in the log',
          always: true,
        },
      }),
  };
}
