import {
  type Icon,
  IconAddressBook,
  IconArrowIteration,
  IconBolt,
  IconBrandAirtable,
  IconBrandGithub,
  IconBrandIntercom,
  IconBrandJira,
  IconBrandMailgun,
  IconBrandMysql,
  IconBrandNotion,
  IconBrandPaypal,
  IconBrandSlack,
  IconBrandTeams,
  IconBrandTwilio,
  IconBucket,
  IconCalendar,
  IconChartBar,
  IconChartDots,
  IconClock,
  IconCloud,
  IconCode,
  IconCreditCard,
  IconDatabase,
  IconFileTypeCsv,
  IconFileTypeXml,
  IconFilter,
  IconFolderUp,
  IconGitFork,
  IconHandStop,
  IconHash,
  IconHeadset,
  IconJson,
  IconMail,
  IconPhoneIncoming,
  IconPlug,
  IconPin,
  IconRepeat,
  IconShoppingBag,
  IconSignature,
  IconSubtask,
  IconTable,
  IconArrowBackUp,
  IconTransform,
  IconUserCheck,
  IconWebhook,
  IconWorld,
} from '@tabler/icons-react';
import classes from './ConnectorTile.module.css';

type Hue = 'accent' | 'ember' | 'iris' | 'amber' | 'slate';

/** By connector id, and by step kind for steps that use none. */
const looks: Record<string, readonly [Icon, Hue]> = {
  hubspot: [IconAddressBook, 'ember'],
  stripe: [IconCreditCard, 'iris'],
  airtable: [IconBrandAirtable, 'amber'],
  'google-sheets': [IconTable, 'accent'],
  intercom: [IconBrandIntercom, 'iris'],
  mailchimp: [IconMail, 'amber'],
  pipedrive: [IconAddressBook, 'accent'],
  square: [IconCreditCard, 'slate'],
  'webhook-out': [IconWebhook, 'accent'],
  github: [IconBrandGithub, 'slate'],
  jira: [IconBrandJira, 'iris'],
  mailgun: [IconBrandMailgun, 'ember'],
  notion: [IconBrandNotion, 'slate'],
  postmark: [IconMail, 'amber'],
  salesforce: [IconCloud, 'accent'],
  sendgrid: [IconMail, 'accent'],
  shopify: [IconShoppingBag, 'accent'],
  slack: [IconBrandSlack, 'ember'],
  twilio: [IconBrandTwilio, 'ember'],
  zendesk: [IconHeadset, 'slate'],
  segment: [IconChartDots, 'accent'],
  ga4: [IconChartBar, 'amber'],
  teams: [IconBrandTeams, 'iris'],
  'slack-webhook': [IconBrandSlack, 'ember'],
  paypal: [IconBrandPaypal, 'accent'],
  s3: [IconBucket, 'amber'],
  webhook: [IconWebhook, 'iris'],
  schedule: [IconClock, 'slate'],
  manual: [IconBolt, 'iris'],
  smtp: [IconMail, 'accent'],
  imap: [IconMail, 'accent'],
  http: [IconWorld, 'slate'],
  sftp: [IconFolderUp, 'slate'],
  postgresql: [IconDatabase, 'slate'],
  csv: [IconFileTypeCsv, 'accent'],
  xml: [IconFileTypeXml, 'ember'],
  json: [IconJson, 'amber'],
  crypto: [IconHash, 'iris'],
  hmac: [IconSignature, 'iris'],
  date: [IconCalendar, 'accent'],
  mysql: [IconBrandMysql, 'amber'],
  transform: [IconTransform, 'slate'],
  branch: [IconGitFork, 'slate'],
  filter: [IconFilter, 'slate'],
  forEach: [IconRepeat, 'slate'],
  repeat: [IconArrowIteration, 'slate'],
  subflow: [IconSubtask, 'slate'],
  state: [IconPin, 'slate'],
  code: [IconCode, 'slate'],
  wait: [IconClock, 'amber'],
  approval: [IconUserCheck, 'amber'],
  callback: [IconPhoneIncoming, 'amber'],
  respond: [IconArrowBackUp, 'iris'],
  stop: [IconHandStop, 'slate'],
};

/** The picture of a connector or a step kind. Always beside its name, so readers skip it. */
export function ConnectorTile(props: { name: string; size?: 20 | 26 | 28 | 32; round?: boolean }) {
  const [Glyph, hue] = looks[props.name] ?? [IconPlug, 'slate'];
  const size = props.size ?? 28;
  return (
    <span
      className={classes.tile}
      data-hue={hue}
      data-round={props.round || undefined}
      style={{ width: size, height: size }}
      aria-hidden
    >
      <Glyph size={size < 26 ? 13 : size < 32 ? 16 : 18} stroke={size < 26 ? 2 : 1.75} />
    </span>
  );
}
