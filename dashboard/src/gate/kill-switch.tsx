import { useSignal } from '@preact/signals'
import { accounts } from '../accounts/accounts.ts'
import { Button } from '../parts/button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { houseGate, setHouseGate } from './house-gate.ts'

/** The one switch for all accounts. Lifting it stands where it is told: at the top. */
export function KillSwitch() {
  const isAsking = useSignal(false)
  const all = accounts.value ?? []
  if (all.length === 0 || houseGate.value?.causes.some(({ reason }) => reason === 'killed')) return null
  return (
    <section class="section kill" aria-label="Stop all trading">
      <div class="row-main">
        <h2 class="section-title">Stop all trading</h2>
        <p class="fine">
          Closes every gate at once and withholds every token that can order. Orders that are at the broker
          stay there.
        </p>
      </div>
      <Button
        look="danger"
        onPress={() => {
          isAsking.value = true
        }}
      >
        Stop all trading
      </Button>
      {isAsking.value && (
        <ConfirmDialog
          title="Stop trading for all accounts?"
          text="Every gate closes now, on every server, and programs get no token that can order until you let them trade again, here or by bhor kill --undo. Orders and positions that are at the broker stay as they are."
          action="Stop all trading"
          act={() => setHouseGate('closed', '')}
          onClose={() => {
            isAsking.value = false
          }}
        />
      )}
    </section>
  )
}
