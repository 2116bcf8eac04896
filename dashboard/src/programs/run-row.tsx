import { useSignal } from '@preact/signals'
import type { KeyView } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { minuteEnd } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/programs.ts'
import { RevokeDialog } from './revoke-dialog.tsx'
import { usesText } from './uses.tsx'

/** A program that `bhor exec` started and that runs now. */
export function RunRow({ view }: { readonly view: KeyView }) {
  const isAsking = useSignal(false)
  const { runs } = words.programs
  return (
    <li class="row" data-run={view.id} data-name={view.name}>
      <div class="row-main">
        <p class="row-name">
          <code>{view.name}</code>
        </p>
        <p class="fine">
          {[
            (view.accounts ?? []).join(', '),
            runs.since(whenText(view.createdAt, minuteEnd.value)),
            usesText(view, minuteEnd.value),
          ].join(' · ')}
        </p>
      </div>
      <Button
        look="quiet"
        label={runs.endOne(view.name)}
        onPress={() => {
          isAsking.value = true
        }}
      >
        {runs.end}
      </Button>
      {isAsking.value && (
        <RevokeDialog
          view={view}
          onClose={() => {
            isAsking.value = false
          }}
        />
      )}
    </li>
  )
}
