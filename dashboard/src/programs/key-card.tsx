import { useSignal } from '@preact/signals'
import type { KeyView } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { Button } from '../parts/button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { keyState, keys, loadKeys, madeBy } from './keys.ts'

export function KeyCard({ view }: { readonly view: KeyView }) {
  const isAsking = useSignal(false)
  const state = keyState(view, now.value)
  const ends =
    view.expiresAt === null
      ? 'no end'
      : `${state === 'expired' ? 'ended' : 'ends'} ${whenText(view.expiresAt, now.value)}`
  const maker = keys.value?.find(({ id }) => id === view.madeBy)
  const made = madeBy(view.id, keys.value ?? []).map(({ name }) => name)
  const revoke = async () => {
    await call('DELETE /v1/keys/{key}', { params: { key: view.id } })
    await loadKeys()
  }
  return (
    <li class="row" data-key={view.id} data-state={state}>
      <div class="row-main">
        <p class="row-name">{view.name}</p>
        <p class="fine">
          {view.scopes.join(', ')} · {view.accounts === null ? 'all accounts' : view.accounts.join(', ')}
          {view.isRun && ' · ends with the run of its program'}
        </p>
        <p class="fine">
          {view.revokedAt === null ? ends : `revoked ${whenText(view.revokedAt, now.value)}`} · made{' '}
          {whenText(view.createdAt, now.value)}
          {view.madeBy !== null && ` by the key ${maker?.name ?? view.madeBy}`} ·{' '}
          {view.lastUsedAt === null
            ? 'never used'
            : `last used ${whenText(view.lastUsedAt, now.value)}, ${view.uses} times in 7 days`}
        </p>
      </div>
      {state === 'live' ? (
        <Button
          look="quiet"
          label={`Revoke ${view.name}`}
          onPress={() => {
            isAsking.value = true
          }}
        >
          Revoke
        </Button>
      ) : (
        <span class="tag">{state}</span>
      )}
      {isAsking.value && (
        <ConfirmDialog
          title={`Revoke ${view.name}?`}
          text={`Every program that uses this key is refused from now on. A revoked key never comes back.${
            made.length > 0 ? ` The keys that it made go with it: ${made.join(', ')}.` : ''
          }`}
          action="Revoke key"
          act={revoke}
          onClose={() => {
            isAsking.value = false
          }}
        />
      )}
    </li>
  )
}
