import { api, ask, dataOf } from '../../api/client';
import type { components } from '../../api/schema';

export type Mark = components['schemas']['ProofMark'];

/** Messages that wait for a person. */
export const waitingMessages = (signal: AbortSignal) => dataOf(api.GET('/messages/approvals', { signal }));
export type Waiting = NonNullable<Awaited<ReturnType<typeof waitingMessages>>['messages']>[number];

/** A message proven again: every attempt with the marks of its proof. */
export const proofOf = (customerId: string, messageId: string) =>
  dataOf(api.POST('/customers/{customerId}/messages/{messageId}/proof', { params: { path: { customerId, messageId } } }));
export type Proof = Awaited<ReturnType<typeof proofOf>>;

/** Approves a message or turns it down. */
export const decide = (message: Waiting, approve: boolean, why: string) => ask(`/api/messages/${encodeURIComponent(message.messageId ?? '')}/approval`, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ customerId: message.customerId, approve, why }),
});
