import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { place } from '../place.ts'
import { loadKeys } from '../programs/keys.ts'
import { words } from '../words/audit.ts'
import { ChainLine } from './chain-line.tsx'
import { CopyDialog } from './copy-dialog.tsx'
import { Filters } from './filters.tsx'
import { loadGone } from './gone.ts'
import { Trail } from './trail.tsx'
import { pathOf, wishOf } from './wish.ts'

/** Who did what, when, in people's words; and the proof that nobody has changed it. */
export function AuditPage() {
  const isCopying = useSignal(false)
  const wish = wishOf(place.value.path)
  // Of programs, and of accounts that are gone, only the names are wanted: without them the page is whole.
  useEffect(() => {
    for (const load of [loadKeys, loadGone]) void load().catch(() => {})
  }, [])
  return (
    <>
      <div class="audit-title">
        <h1 class="headline">{words.audit.title}</h1>
        <Button
          onPress={() => {
            isCopying.value = true
          }}
        >
          {words.audit.copy.open}
        </Button>
        <p class="subline">{words.audit.intro}</p>
      </div>
      <ChainLine />
      <Filters wish={wish} />
      <Trail key={pathOf(wish).join('/')} wish={wish} />
      {isCopying.value && (
        <CopyDialog
          wish={wish}
          onClose={() => {
            isCopying.value = false
          }}
        />
      )}
    </>
  )
}
