import { createRefund } from './actions/create-refund.js';
import { findCharge } from './actions/find-charge.js';
import { stripe } from './connector.js';
import { paymentReceived } from './triggers/payment-received.js';

export const connector = stripe.build({
  actions: { 'refunds.create': createRefund, 'charges.find': findCharge },
  triggers: { 'payment-received': paymentReceived },
});
