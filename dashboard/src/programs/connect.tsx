import { useSignal } from '@preact/signals'
import type { KeyView } from '../../../src/contracts/api.ts'
import { accounts, brokerOf } from '../accounts/accounts.ts'
import { isLive } from '../accounts/status.ts'
import { Button } from '../parts/button.tsx'
import { CopyBox } from '../parts/copy-box.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { SelectOne } from '../parts/select-one.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { addressOf } from '../place.ts'
import { deskUrl } from '../session.ts'
import { minuteEnd } from '../time/clock.ts'
import { words } from '../words/programs.ts'
import { hasJustBegun, keys } from './keys.ts'
import { canReadToken } from './rights.ts'
import { snippets } from './snippets.ts'
import { FirstUse, usesText } from './uses.tsx'

interface ConnectProps {
  readonly view: Pick<KeyView, 'id' | 'name' | 'scopes' | 'accounts'>
  /** As long as the key itself is on the screen nothing leads away from it. */
  readonly isKeyShown?: boolean
}

/** From the key to the first session: what to give to the program, what to write, and whether it worked. */
export function Connect({ view, isKeyShown = false }: ConnectProps) {
  const chosen = useSignal('')
  const said = words.programs.shown
  const open = (accounts.value ?? []).filter(
    ({ account }) => view.accounts === null || view.accounts.includes(account),
  )
  const account = open.find((each) => each.account === chosen.value) ?? open.find(isLive) ?? open[0]
  if (!canReadToken(view.scopes)) return <p class="fine">{said.cannotRead}</p>
  if (account === undefined)
    return (
      <p>
        {said.noAccount} {!isKeyShown && <a href={addressOf('accounts')}>{said.addAccount}</a>}
      </p>
    )
  const ready = snippets({ origin: deskUrl.value, account: account.account }, brokerOf(account))
  return (
    <>
      {open.length > 1 && (
        <SelectOne
          label={said.account}
          options={open.map(({ account: value }) => ({ value, label: value }))}
          value={account.account}
          onChoose={(value) => {
            chosen.value = value
          }}
        />
      )}
      {!isLive(account) && (
        <p class="note" data-tone="amber">
          {said.noSession(account.account)}{' '}
          {!isKeyShown && <a href={addressOf('today')}>{said.logIn(account.account)}</a>}
        </p>
      )}
      <ol class="connect" aria-label={said.steps}>
        <li>
          <p>{said.give}</p>
          <CopyBox label={said.giveLabel} text={said.giveCommand} />
        </li>
        <li>
          <p>{said.write}</p>
          <Tabs
            label={said.languages}
            tabs={ready.map(({ name, needs, code }) => ({
              name,
              content: () => (
                <>
                  {needs !== '' && <p class="fine">{said.needs(needs)}</p>}
                  <CopyBox label={said.example(name)} text={code} isBlock />
                </>
              ),
            }))}
          />
        </li>
        <li>
          <p>{said.test}</p>
          <Progress id={view.id} name={view.name} />
        </li>
      </ol>
    </>
  )
}

/** Whether the program has come. */
function Progress({ id, name }: { readonly id: string; readonly name: string }) {
  const view = keys.value?.find((key) => key.id === id)
  return (
    <div role="status">
      {hasJustBegun(id) ? (
        <FirstUse name={name} />
      ) : view === undefined || view.lastUsedAt === null ? (
        <p class="first-use">{words.programs.shown.waiting(name)}</p>
      ) : (
        <p class="first-use" data-used>
          {usesText(view, minuteEnd.value)}
        </p>
      )}
    </div>
  )
}

/** The same again, at any time, without the key. */
export function ConnectDialog({ view, onClose }: ConnectProps & { readonly onClose: () => void }) {
  const said = words.programs.shown
  return (
    <Dialog title={said.howTitle(view.name)} onClose={onClose}>
      <p class="fine">{said.lost}</p>
      <Connect view={view} />
      <div class="actions actions-end">
        <Button look="primary" onPress={onClose}>
          {said.done}
        </Button>
      </div>
    </Dialog>
  )
}
