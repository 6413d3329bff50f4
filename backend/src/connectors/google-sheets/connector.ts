import { declareConnector } from '@sluice/shared/connector';
import { z } from 'zod';

// {"error": {"code": 403, "message": "...", "status": "PERMISSION_DENIED"}}
const errors = {
  said: ['error.message'],
  code: 'error.status',
  codes: { RESOURCE_EXHAUSTED: 'rate-limited', UNAUTHENTICATED: 'unauthorized', PERMISSION_DENIED: 'unauthorized' },
  pauseSeconds: 60,
} as const;

export const googleSheets = declareConnector({
  id: 'google-sheets',
  title: 'Google Sheets',
  description: 'Reads, appends, writes and clears ranges of spreadsheets.',
  icon: { name: 'table', color: '#188038' },
  category: 'work',
  docs: 'https://developers.google.com/workspace/sheets/api/reference/rest',
  setup: [
    'In Google Cloud turn on the Sheets API, make a service account without any role, and a JSON key of it.',
    'Share each spreadsheet with the service account’s e-mail, to read or to edit: it reaches no other.',
    'Enter client_email and private_key of the JSON file, and tick only the scope that is needed.',
  ],
  auth: ['oauth2'],
  oauth: {
    grants: ['serviceAccount'],
    server: {
      authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
      token: 'https://oauth2.googleapis.com/token',
    },
  },
  config: z.strictObject({}),
  hosts: ['sheets.googleapis.com'],
  origin: 'https://sheets.googleapis.com',
  errors,
  limits: {
    callsPerSecond: 1,
    burst: 60,
    says: '60 reads and 60 writes a minute and account, 300 a project: developers.google.com/workspace/sheets/api/limits',
  },
  scopes: {
    'values.read': {
      title: 'Read ranges',
      risk: 'bulk',
      vendor: ['https://www.googleapis.com/auth/spreadsheets.readonly'],
    },
    'values.write': {
      title: 'Append and write ranges',
      risk: 'write',
      vendor: ['https://www.googleapis.com/auth/spreadsheets'],
    },
    'values.clear': { title: 'Clear ranges', risk: 'delete', vendor: ['https://www.googleapis.com/auth/spreadsheets'] },
  },
});
