import { download } from './actions/download.js';
import { list } from './actions/list.js';
import { move } from './actions/move.js';
import { remove } from './actions/remove.js';
import { upload } from './actions/upload.js';
import { sftp } from './connector.js';
import { newFile } from './triggers/new-file.js';

export const connector = sftp.build({
  actions: {
    'files.list': list,
    'files.download': download,
    'files.upload': upload,
    'files.move': move,
    'files.delete': remove,
  },
  triggers: { 'file.new': newFile },
});
