import { useSignal } from '@preact/signals'
import type { ActivityPage, ActivityWish } from '../../../src/contracts/activity.ts'
import { call } from '../api.ts'
import { useLive } from '../live/use-live.ts'
import { Button } from '../parts/button.tsx'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'

/** What happened, the newest first. */
export function Trail({ wish }: { readonly wish: ActivityWish }) {
  const shown = useSignal<ActivityPage | null>(null)
  useLive(
    async () => {
      shown.value = await call('GET /v1/activity', { query: { ...wish } })
    },
    () => true,
  )
  const page = shown.value
  return (
    <div class="audit-trail">
      <ol class="rows audit">
        {page?.entries.map((entry) => (
          <li class="audit-entry row" key={entry.seq}>
            {whenText(entry.at, now.value)} {entry.text}
          </li>
        ))}
      </ol>
      {page?.next != null && (
        <Button
          onPress={() => {
            void call('GET /v1/activity', { query: { ...wish, before: String(page.next) } }).then((more) => {
              shown.value = { entries: [...page.entries, ...more.entries], next: more.next }
            })
          }}
        >
          Show older ones
        </Button>
      )}
    </div>
  )
}
