import { useSignal } from '@preact/signals'
import type { ChangeMaster, VaultView } from '../../../src/contracts/api.ts'
import { toast } from '../announce.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { Choice } from '../parts/choice.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { Facts } from '../parts/facts.tsx'
import { focusFault, readForm } from '../parts/form-text.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/settings.ts'
import { tellsOf } from './house-change.ts'
import { OptionLines } from './option-line.tsx'
import { Part, Section } from './section.tsx'
import { hasFault, noFaults, TwoWords, wordFaults } from './two-words.tsx'
import { useReading } from './use-reading.ts'

const said = words.settings.vault

/** What everything secret is sealed with, and how it is replaced. */
export function VaultSection() {
  const { value, problem, again } = useReading(
    async () => ({ vault: await call('GET /v1/vault'), options: await call('GET /v1/config') }),
    tellsOf('vault', 'settings'),
  )
  const isRotating = useSignal(false)
  const rotate = async () => {
    await call('POST /v1/vault/rotate')
    toast(said.rotated)
    await again()
  }
  return (
    <Section name="vault" problem={problem.value} isRead={value.value !== null}>
      {value.value && <VaultFacts vault={value.value.vault} />}
      <Part title={said.rotate} text={said.rotateText}>
        <div class="actions">
          <Button
            onPress={() => {
              isRotating.value = true
            }}
          >
            {said.rotate}
          </Button>
        </div>
      </Part>
      <MasterPart onChange={again} />
      <Part title={said.changing}>
        <OptionLines
          options={value.value?.options ?? []}
          names={['key_source', 'master_key_file', 'passphrase_file']}
        />
      </Part>
      {isRotating.value && (
        <ConfirmDialog
          title={said.rotateTitle}
          text={said.rotateText}
          action={said.rotateAct}
          keep={said.keep}
          act={rotate}
          onClose={() => {
            isRotating.value = false
          }}
        />
      )}
    </Section>
  )
}

function VaultFacts({ vault: { master, key, since, rotation } }: { readonly vault: VaultView }) {
  return (
    <>
      <Facts
        rows={[
          [said.master, master],
          [said.key, <code data-fact="data-key">{key}</code>],
          [said.since, whenText(since, now.peek())],
        ]}
      />
      {rotation === null ? (
        <p class="fine">{said.sealed}</p>
      ) : (
        <p class="note" data-tone="amber" role="status">
          {said.rotating(rotation.left, rotation.waiting)}{' '}
          {rotation.damaged > 0 && said.damaged(rotation.damaged)}
        </p>
      )}
    </>
  )
}

/** Nothing here can be taken back: what it means stands above the form, and is asked once more. */
function MasterPart({ onChange }: { readonly onChange: () => Promise<void> }) {
  const source = useSignal<ChangeMaster['source']>('file')
  const faults = useSignal(noFaults)
  const wish = useSignal<ChangeMaster | null>(null)
  const hint = useSignal<string | null>(null)
  const isChanged = useSignal(false)
  const form = useSignal<HTMLFormElement | null>(null)
  const ask = (event: SubmitEvent) => {
    event.preventDefault()
    form.value = event.currentTarget as HTMLFormElement
    const texts = readForm(form.value)
    const isTyped = source.value === 'passphrase'
    faults.value = isTyped
      ? wordFaults(texts, { shortest: 12, short: said.passphraseHelp, differ: said.differ })
      : noFaults
    if (hasFault(faults.value)) return focusFault(form.value)
    wish.value = { source: source.value, ...(isTyped ? { passphrase: texts.password ?? '' } : {}) }
  }
  const change = async () => {
    if (wish.value === null) return
    const changed = await call('POST /v1/vault/master', { body: wish.value })
    isChanged.value = true
    hint.value = changed.hint
    toast(said.changed)
    form.value?.reset()
    await onChange()
  }
  return (
    <Part title={said.changeMaster}>
      <ul class="warnings">
        {said.warnings.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {isChanged.value && (
        <div class="note" data-tone={hint.value === null ? 'green' : 'amber'} role="status">
          <p class="note-text">{said.changed}</p>
          {hint.value !== null && <p>{hint.value}</p>}
        </div>
      )}
      <form onSubmit={ask} noValidate autocomplete="off">
        <Choice
          legend={said.source}
          name="source"
          options={(['file', 'passphrase'] as const).map((value) => ({
            value,
            label: said.sources[value][0],
            help: said.sources[value][1],
          }))}
          value={source.value}
          onChoose={(value) => {
            source.value = value
          }}
        />
        {source.value === 'passphrase' && (
          <TwoWords
            label={said.passphrase}
            help={said.passphraseHelp}
            again={said.again}
            faults={faults.value}
          />
        )}
        <div class="actions">
          <Button look="danger" type="submit">
            {said.change}
          </Button>
        </div>
      </form>
      {wish.value !== null && (
        <ConfirmDialog
          title={said.changeTitle}
          text={said.changeText}
          action={said.changeMaster}
          keep={said.keep}
          act={change}
          onClose={() => {
            wish.value = null
          }}
        />
      )}
    </Part>
  )
}
