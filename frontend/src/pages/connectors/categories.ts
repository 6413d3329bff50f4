import { categories, type Category } from '@sluice/shared/connector';

const names: Record<Category, string> = {
  crm: 'CRM',
  payments: 'Payments',
  mail: 'Mail',
  support: 'Support',
  chat: 'Chat and calls',
  shop: 'Shop',
  work: 'Work',
  analytics: 'Analytics',
  plumbing: 'Plumbing',
};

export const categoryOptions = categories.map((value) => ({ value, label: names[value] }));
