import { Button } from '@mantine/core';
import { runsApi } from '@sluice/shared/api';
import { runOfFile } from '@sluice/shared/lib';
import { IconDownload } from '@tabler/icons-react';
import { useMemo } from 'react';
import { formatBytes } from '../../lib/format-count.js';
import { saveContent } from '../../lib/save-text.js';
import { Notice } from '../../ui/Notice.js';
import { useWrite } from '../step-up/use-write.js';
import { type FoundFile, filesIn } from './files-in.js';

/** The files that a value names, each to be saved with a reason. */
export function Files(props: { value: unknown; mayReveal: boolean }) {
  const files = useMemo(() => filesIn(props.value), [props.value]);
  const download = useWrite(runsApi.download, {
    renews: [['audit']],
    onDone: (content) => {
      if (content instanceof File) saveContent(content.name, content);
    },
  });
  if (files.length === 0 || !props.mayReveal) return null;
  return (
    <div>
      {download.problem && <Notice tone="failed" title={download.problem.message} />}
      {files.map((file) => (
        <Button
          key={file.file}
          size="xs"
          variant="default"
          mt={8}
          loading={download.busy}
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => download.run(question(file))}
        >
          Save file, {formatBytes(file.bytes)}, {file.type}
        </Button>
      ))}
    </div>
  );
}

function question({ file, bytes, type }: FoundFile) {
  return {
    input: (reason: string) => ({ params: { id: runOfFile(file), file }, body: { reason } }),
    confirm: {
      title: 'Save a file',
      body: `${formatBytes(bytes)} of ${type}, as they came in. Sluice does not know what is in it: open it with care.`,
      verb: 'Save',
      footnote: 'Your name, the file and the reason are logged before it is given.',
      reasonLabel: 'Why do you need it?',
    },
  };
}
