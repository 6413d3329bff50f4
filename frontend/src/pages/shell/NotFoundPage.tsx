import { EmptyState } from '../../ui/EmptyState.js';
import { LinkButton } from './LinkButton.js';
import { Page } from '../../ui/Page.js';

export function NotFoundPage() {
  return (
    <Page title="Not found">
      <EmptyState title="There is nothing at this address" action={<LinkButton to="/flows">Go to Flows</LinkButton>}>
        It was moved or taken out of service, or the address has a typing mistake.
      </EmptyState>
    </Page>
  );
}
