import { useSignal } from '@preact/signals'
import type { AlertChannelAdded } from '../../../../src/contracts/alerts.ts'
import { call } from '../../api.ts'
import { Button } from '../../parts/button.tsx'
import { CopyBox } from '../../parts/copy-box.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { words } from '../../words/settings.ts'
import { tellsOf } from '../house-change.ts'
import { Section } from '../section.tsx'
import { useReading } from '../use-reading.ts'
import { ChannelCard } from './channel-card.tsx'
import { ChannelDialog } from './channel-dialog.tsx'

const said = words.settings.channel

/** Who is told, of what, and whether it gets through. */
export function AlertsSection() {
  const { value: channels, problem, again } = useReading(() => call('GET /v1/alerts'), tellsOf('alerts'))
  const isAdding = useSignal(false)
  const made = useSignal<AlertChannelAdded['made'] | null>(null)
  const add = (
    <Button
      look="primary"
      onPress={() => {
        isAdding.value = true
      }}
    >
      {said.add}
    </Button>
  )
  const all = channels.value ?? []
  return (
    <Section name="alerts" problem={problem.value} isRead={channels.value !== null} action={add}>
      {all.length === 0 && (
        <div class="empty">
          <p class="empty-text">
            {said.none} {said.noneHint}
          </p>
        </div>
      )}
      <ul class="cards">
        {all.map((channel) => (
          <ChannelCard key={channel.name} channel={channel} onChange={again} />
        ))}
      </ul>
      {isAdding.value && (
        <ChannelDialog
          onClose={() => {
            isAdding.value = false
          }}
          onSaved={async (added) => {
            if (added && Object.keys(added.made).length > 0) made.value = added.made
            await again()
          }}
        />
      )}
      {made.value !== null && (
        <MadeDialog
          made={made.value}
          onClose={() => {
            made.value = null
          }}
        />
      )}
    </Section>
  )
}

/** The one time that a secret is shown which bhor has made. */
function MadeDialog({
  made,
  onClose,
}: {
  readonly made: AlertChannelAdded['made']
  readonly onClose: () => void
}) {
  return (
    <Dialog title={said.made} onClose={onClose} isNarrow>
      <p>{said.madeText}</p>
      {Object.entries(made).map(([name, secret]) => (
        <CopyBox key={name} label={name} text={secret} />
      ))}
      <div class="actions actions-end">
        <Button look="primary" onPress={onClose}>
          {said.done}
        </Button>
      </div>
    </Dialog>
  )
}
