import { Button } from '@mantine/core';
import { auditApi, type Reply } from '@sluice/shared/api';
import { IconCertificate, IconDownload } from '@tabler/icons-react';
import { formatCount } from '../../lib/format-count.js';
import { saveText } from '../../lib/save-text.js';
import { shortHash } from '../../lib/shorten-id.js';
import { Code } from '../../ui/Code.js';
import { Notice } from '../../ui/Notice.js';
import { Facts, PanelPart } from '../../ui/SidePanel.js';
import { Time } from '../../ui/Time.js';
import { useWrite } from '../step-up/use-write.js';
import classes from './Audit.module.css';

/** The way from one entry to a signed checkpoint, asked for by a button: each proof is an entry of its own. */
export function EntryProof(props: { id: string }) {
  const proof = useWrite(auditApi.proof, { renews: [] });
  return (
    <PanelPart title="Proof">
      {proof.reply ? (
        <Proven proof={proof.reply} />
      ) : (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconCertificate size={14} stroke={2} aria-hidden />}
          loading={proof.busy}
          onClick={() => proof.run({ input: { params: { id: props.id } } })}
        >
          Prove this entry
        </Button>
      )}
      {proof.problem && (
        <Notice tone="failed" title="This entry could not be proven">
          {proof.problem.message}
        </Notice>
      )}
    </PanelPart>
  );
}

function Proven({ proof }: { proof: Reply<typeof auditApi.proof> }) {
  const { block, position, checkpoint, witness, file } = proof;
  return (
    <>
      <Facts
        items={[
          ['Block', `${formatCount(block.index + 1)} of ${formatCount(checkpoint.size)} in the tree`],
          [
            'Hash',
            <Code key="hash" plain>
              {shortHash(block.hash)}
            </Code>,
          ],
          ['Position', `${position + 1} of ${block.count} in the block`],
          [
            'Checkpoint',
            <span key="checkpoint">
              signed <Time at={checkpoint.at} />
            </span>,
          ],
          ['Witness', <WitnessWords key="witness" witness={witness} index={block.index} />],
        ]}
      />
      <p className={classes.chain}>
        The file holds the entry and the hashes from it to the signed checkpoint: sluice-verify checks it offline, with
        the key you kept.
      </p>
      <Button
        size="sm"
        variant="default"
        leftSection={<IconDownload size={14} stroke={2} aria-hidden />}
        onClick={() => saveText({ name: file.name, text: file.content, type: 'application/json' })}
      >
        Save proof
      </Button>
    </>
  );
}

function WitnessWords(props: { witness: Reply<typeof auditApi.proof>['witness']; index: number }) {
  const { witness } = props;
  if (witness === null) return 'none is set up';
  if (witness.size <= props.index) return `${witness.name} had not cosigned so far yet`;
  return (
    <span>
      {witness.name} cosigned it <Time at={witness.at} />
    </span>
  );
}
