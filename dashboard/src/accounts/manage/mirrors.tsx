import { useSignal } from '@preact/signals'
import type { AccountView } from '../../../../src/contracts/api.ts'
import type { MirrorView } from '../../../../src/contracts/mirrors.ts'
import { call } from '../../api.ts'
import { useLive } from '../../live/use-live.ts'
import { Button } from '../../parts/button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Panel } from '../../parts/panel.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { useAction } from '../../parts/use-action.ts'
import { now } from '../../time/clock.ts'
import { whenText } from '../../time/ist.ts'
import { words } from '../../words/manage.ts'
import { AddMirrorDialog } from './add-mirror.tsx'

const tones = {
  written: 'green',
  waiting: 'grey',
  conflict: 'amber',
  failing: 'red',
  damaged: 'red',
} as const satisfies Record<MirrorView['state'], string>

/** The files that are kept in step with the session of this account. */
export function Mirrors({ account }: { readonly account: AccountView }) {
  const mirrors = useSignal<readonly MirrorView[] | null>(null)
  const isAdding = useSignal(false)
  const said = words.manage.mirrors
  const load = async () => {
    const all = await call('GET /v1/mirrors')
    mirrors.value = all.filter((mirror) => mirror.account === account.account)
  }
  const problem = useLive(
    load,
    ({ event, data }) => event === 'house.changed' && data.change === 'mirrors',
    account.account,
  )
  const known = mirrors.value
  return (
    <>
      <Panel
        title={said.title}
        aside={
          <Button
            onPress={() => {
              isAdding.value = true
            }}
          >
            {said.add}
          </Button>
        }
      >
        <p>{said.text}</p>
        <ProblemNote problem={problem.value} />
        {known === null && problem.value === null && <p class="loading">{said.reading}</p>}
        {known?.length === 0 && <p class="blank">{said.nothing}</p>}
        {known !== null && known.length > 0 && (
          <ul class="rows">
            {known.map((mirror) => (
              <Mirror key={mirror.id} mirror={mirror} onChange={load} />
            ))}
          </ul>
        )}
      </Panel>
      {isAdding.value && (
        <AddMirrorDialog
          account={account}
          onAdded={load}
          onClose={() => {
            isAdding.value = false
          }}
        />
      )}
    </>
  )
}

interface MirrorProps {
  readonly mirror: MirrorView
  readonly onChange: () => Promise<void>
}

function Mirror({ mirror, onChange }: MirrorProps) {
  const isRemoving = useSignal(false)
  const { isBusy, problem, run } = useAction()
  const { id, path, state, generation, writtenAt, fault, format, inPlace } = mirror
  const said = words.manage.mirrors
  const sync = (foreign?: 'take' | 'overwrite') => () =>
    void run(async () => {
      const body = foreign === undefined ? {} : { foreign }
      try {
        await call('POST /v1/mirrors/{mirror}/sync', { params: { mirror: id }, body })
      } finally {
        await onChange()
      }
    })
  return (
    <li class="row mirror" data-mirror={id} data-state={state}>
      <div class="row-main">
        <p class="row-name mirror-path">{path}</p>
        <p class="fine">
          {[
            said.formats[format].label,
            inPlace && said.inPlace,
            writtenAt === null ? said.notWritten : said.written(generation, whenText(writtenAt, now.value)),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <span class="badge" data-tone={tones[state]}>
        {said.states[state]}
      </span>
      {fault !== null && state !== 'conflict' && (
        <p class="note mirror-note" data-tone={tones[state]}>
          {fault.text}
        </p>
      )}
      {state === 'conflict' && (
        <div class="note mirror-note" data-tone="amber">
          <p>{said.conflictText}</p>
          <div class="actions">
            <Button onPress={sync('take')} isBusy={isBusy.value}>
              {said.take}
            </Button>
            <Button look="danger" onPress={sync('overwrite')} isBusy={isBusy.value}>
              {said.overwrite}
            </Button>
          </div>
          <p class="fine">
            {said.take}: {said.takeHelp} {said.overwrite}: {said.overwriteHelp}
          </p>
        </div>
      )}
      <ProblemNote problem={problem.value} />
      <div class="actions">
        {state !== 'conflict' && state !== 'damaged' && (
          <Button look="quiet" onPress={sync()} isBusy={isBusy.value} label={said.syncOne(path)}>
            {said.sync}
          </Button>
        )}
        <Button
          look="quiet"
          label={said.removeOne(path)}
          onPress={() => {
            isRemoving.value = true
          }}
        >
          {said.remove}
        </Button>
      </div>
      {isRemoving.value && (
        <ConfirmDialog
          title={said.removeTitle}
          text={said.removeText(path)}
          action={said.remove}
          act={async () => {
            await call('DELETE /v1/mirrors/{mirror}', { params: { mirror: id } })
            await onChange()
          }}
          onClose={() => {
            isRemoving.value = false
          }}
        />
      )}
    </li>
  )
}
