import { useSignal } from '@preact/signals'
import type { KeyView } from '../../../src/contracts/api.ts'
import { Button } from '../parts/button.tsx'
import { Facts } from '../parts/facts.tsx'
import { minuteEnd } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/programs.ts'
import { ConnectDialog } from './connect.tsx'
import { hasJustBegun, keys, unused } from './keys.ts'
import { RevokeDialog } from './revoke-dialog.tsx'
import { rightsText } from './rights.ts'
import { FirstUse, usesOf, usesText } from './uses.tsx'

interface KeyCardProps {
  readonly view: KeyView
  /** On the page of one account: what it was used for there. */
  readonly account?: string | undefined
}

/** The key of one program: what it opens, and how much it was used. */
export function KeyCard({ view, account }: KeyCardProps) {
  const open = useSignal<'connect' | 'revoke' | null>(null)
  const close = () => {
    open.value = null
  }
  const said = words.programs
  const Heading = account === undefined ? 'h2' : 'h3'
  const isUnused = unused.value?.some(({ id }) => id === view.id) ?? false
  return (
    <li class="row key" data-key={view.id} data-name={view.name} data-used={view.lastUsedAt !== null}>
      <div class="row-main">
        <Heading class="row-name">
          {view.name} {isUnused && <span class="tag">{said.unused}</span>}
        </Heading>
        {hasJustBegun(view.id) && <FirstUse name={view.name} />}
        <Facts
          rows={[
            [said.may, rightsText(view.scopes)],
            [said.accounts, accountsText(view)],
            account === undefined
              ? [said.used, usesText(view, minuteEnd.value)]
              : [said.usedHere(account), usesText(usesOf(view, account), minuteEnd.value)],
            [said.ends, view.expiresAt === null ? said.noEnd : whenText(view.expiresAt, minuteEnd.value)],
            [said.made, madeText(view, minuteEnd.value)],
          ]}
        />
      </div>
      <div class="actions">
        <Button
          label={said.connectOne(view.name)}
          onPress={() => {
            open.value = 'connect'
          }}
        >
          {said.connect}
        </Button>
        <Button
          look="quiet"
          label={said.revokeOne(view.name)}
          onPress={() => {
            open.value = 'revoke'
          }}
        >
          {said.revoke}
        </Button>
      </div>
      {open.value === 'connect' && <ConnectDialog view={view} onClose={close} />}
      {open.value === 'revoke' && <RevokeDialog view={view} onClose={close} />}
    </li>
  )
}

function accountsText({ accounts }: KeyView): string {
  if (accounts === null) return words.programs.allAccounts
  return accounts.length === 0 ? words.programs.noAccounts : accounts.join(', ')
}

function madeText({ createdAt, madeBy }: KeyView, nowMs: number): string {
  // Of a damaged one nothing is known.
  if (Date.parse(createdAt) === 0) return ''
  const maker = keys.value?.find(({ id }) => id === madeBy)?.name ?? madeBy
  return [whenText(createdAt, nowMs), maker === null ? '' : words.programs.madeBy(maker)].join(' ').trim()
}
