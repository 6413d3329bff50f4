import { createCheckout } from './actions/checkout.js';
import { changeCustomer, createCustomer, findCustomers, searchCustomers } from './actions/customers.js';
import {
  addLine,
  createInvoice,
  finalizeInvoice,
  getInvoice,
  listInvoices,
  sendInvoice,
  voidInvoice,
} from './actions/invoices.js';
import { cancelIntent, captureIntent, confirmIntent, createIntent, getIntent } from './actions/payment-intents.js';
import { cancelSubscription, endSubscription, getSubscription, listSubscriptions } from './actions/subscriptions.js';
import { createRefund } from './actions/create-refund.js';
import { findCharge, listCharges } from './actions/find-charge.js';
import { stripe } from './connector.js';
import { eventReceived } from './triggers/event-received.js';
import { paymentReceived } from './triggers/payment-received.js';

export const connector = stripe.build({
  actions: {
    'refunds.create': createRefund,
    'charges.find': findCharge,
    'charges.list': listCharges,
    'payment_intents.create': createIntent,
    'payment_intents.confirm': confirmIntent,
    'payment_intents.capture': captureIntent,
    'payment_intents.cancel': cancelIntent,
    'payment_intents.get': getIntent,
    'checkout.create': createCheckout,
    'customers.create': createCustomer,
    'customers.change': changeCustomer,
    'customers.find': findCustomers,
    'customers.search': searchCustomers,
    'invoices.create': createInvoice,
    'invoices.add_line': addLine,
    'invoices.finalize': finalizeInvoice,
    'invoices.send': sendInvoice,
    'invoices.void': voidInvoice,
    'invoices.get': getInvoice,
    'invoices.list': listInvoices,
    'subscriptions.get': getSubscription,
    'subscriptions.list': listSubscriptions,
    'subscriptions.end': endSubscription,
    'subscriptions.cancel': cancelSubscription,
  },
  triggers: { 'payment-received': paymentReceived, 'event-received': eventReceived },
});
