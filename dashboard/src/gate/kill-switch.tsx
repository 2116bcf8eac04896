import { useSignal } from '@preact/signals'
import { accounts } from '../accounts/accounts.ts'
import { Button } from '../parts/button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { words } from '../words/words.ts'
import { houseGate, setHouseGate } from './house-gate.ts'

const said = words.today.stop

/** The one switch for all accounts. Lifting it stands where it is told: at the top. */
export function KillSwitch() {
  const isAsking = useSignal(false)
  const all = accounts.value ?? []
  if (all.length === 0 || houseGate.value?.causes.some(({ reason }) => reason === 'killed')) return null
  return (
    <section class="section kill" aria-label={said.title}>
      <div class="row-main">
        <h2 class="section-title">{said.title}</h2>
        <p class="fine">{said.text}</p>
      </div>
      <Button
        look="danger"
        onPress={() => {
          isAsking.value = true
        }}
      >
        {said.title}
      </Button>
      {isAsking.value && (
        <ConfirmDialog
          title={said.question}
          text={said.means}
          action={said.title}
          act={() => setHouseGate('closed', '')}
          onClose={() => {
            isAsking.value = false
          }}
        />
      )}
    </section>
  )
}
