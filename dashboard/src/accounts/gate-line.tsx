import type { GateReason, GateView } from '../../../src/contracts/api.ts'
import { words } from '../words/words.ts'

/** Of these the card's status speaks already. */
const saidByStatus: readonly (GateReason | null)[] = [
  'session_none',
  'session_expired',
  'session_revoked',
  'logged_out',
  'unconfirmed',
]

/** Whether programs may trade with the account now, and why not. */
export function GateLine({ gate }: { readonly gate: GateView }) {
  if (saidByStatus.includes(gate.reason)) return null
  if (gate.state === 'open') return <p class="fine">{words.accounts.gateLine.open}</p>
  return (
    <p class="note" data-tone="amber" data-gate={gate.reason}>
      {words.accounts.gateLine.closed(gate.text, gate.next ?? '')}
    </p>
  )
}
