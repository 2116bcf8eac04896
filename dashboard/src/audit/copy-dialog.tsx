import { useSignal } from '@preact/signals'
import type { ActivityExport, AskActivityExport } from '../../../src/contracts/activity.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { Choice } from '../parts/choice.tsx'
import { CopyBox } from '../parts/copy-box.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { words } from '../words/audit.ts'
import { keepCheck } from './chain.ts'
import { saveFile } from './save-file.ts'
import { pathOf, type Wish } from './wish.ts'

type Saved = Omit<ActivityExport, 'text' | 'contentType'>

/** A copy as a file, and by what its reader can tell that it is whole. */
export function CopyDialog({ wish, onClose }: { readonly wish: Wish; readonly onClose: () => void }) {
  const format = useSignal<AskActivityExport['format']>('csv')
  const saved = useSignal<Saved | null>(null)
  const { isBusy, problem, run } = useAction()
  const said = words.audit.copy
  const save = () =>
    run(async () => {
      const { text, contentType, ...told } = await call('POST /v1/activity/export', {
        body: { ...wish, format: format.value },
      })
      saveFile(told.name, contentType, text)
      keepCheck(told.check)
      saved.value = told
    })
  if (saved.value !== null) return <SavedDialog saved={saved.value} onClose={onClose} />
  return (
    <Dialog title={said.title} onClose={onClose} isNarrow>
      <p>{said.text}</p>
      <p>{pathOf(wish).length === 0 ? said.all : said.some}</p>
      <Choice
        legend={said.format}
        name="format"
        options={[
          { value: 'csv', label: said.csv, help: said.csvHelp },
          { value: 'json', label: said.json, help: said.jsonHelp },
        ]}
        value={format.value}
        onChoose={(chosen) => {
          format.value = chosen
        }}
      />
      <ProblemNote problem={problem.value} />
      <div class="actions actions-end">
        <Button onPress={onClose}>{said.cancel}</Button>
        <Button look="primary" onPress={() => void save()} isBusy={isBusy.value}>
          {said.save}
        </Button>
      </div>
    </Dialog>
  )
}

function SavedDialog({ saved, onClose }: { readonly saved: Saved; readonly onClose: () => void }) {
  const { name, records, isWhole, sha256, check } = saved
  const said = words.audit.copy
  return (
    <Dialog title={said.title} onClose={onClose} isNarrow>
      <div class="note" data-tone={check.intact ? 'green' : 'red'} data-intact={check.intact} role="status">
        <p class="note-text">{said.saved(name, records)}</p>
        <p>
          {check.intact ? said.intact(check.records) : `${words.audit.chain.broken(check.seq)} ${check.text}`}
        </p>
      </div>
      {!isWhole && (
        <p class="note" data-tone="amber">
          {said.partial(records)}
        </p>
      )}
      <CopyBox label={said.sum} text={sha256} />
      <p class="fine">{said.sumHelp}</p>
      <div class="actions actions-end">
        <Button look="primary" onPress={onClose}>
          {said.done}
        </Button>
      </div>
    </Dialog>
  )
}
