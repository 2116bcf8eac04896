import { useSignal } from '@preact/signals'
import { useId, useRef } from 'preact/hooks'
import type { ActivityEntry, ActivityPage } from '../../../src/contracts/activity.ts'
import { announce } from '../announce.ts'
import { call } from '../api.ts'
import { useLive } from '../live/use-live.ts'
import { Button } from '../parts/button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { useAction } from '../parts/use-action.ts'
import { minuteEnd } from '../time/clock.ts'
import { words } from '../words/audit.ts'
import { dayName, daysOf, samenessOf } from './days.ts'
import { Entry } from './entry.tsx'
import { pathOf, type Wish } from './wish.ts'

/** As many as the server gives at once. */
const mostNewer = '500'

interface TrailProps {
  readonly wish: Wish
  /** Beside where one acts: what comes is shown at once, as long as nobody reads further down. */
  readonly isPart?: boolean
}

/** What happened, day by day. What comes is told above it, and moves nothing. */
export function Trail({ wish, isPart = false }: TrailProps) {
  const shown = useSignal<ActivityPage | null>(null)
  const newer = useSignal<ReadonlySet<string>>(new Set())
  const upTo = useSignal(0)
  /** Nothing older than the first page was asked for. */
  const isFirstPage = useSignal(true)
  const top = useRef<HTMLDivElement>(null)
  const { isBusy, problem, run } = useAction()
  const said = words.audit
  /** @param isWanted asked once more before it is shown; false where it was not */
  const load = async (isWanted = () => true): Promise<boolean> => {
    const page = await call('GET /v1/activity', { query: wish })
    if (!isWanted()) return false
    // Of more is known already.
    if (page.upTo < upTo.peek()) return load(isWanted)
    shown.value = page
    newer.value = new Set()
    upTo.value = page.upTo
    isFirstPage.value = true
    if (!isPart) announce(said.filters.found(page.entries.length))
    return true
  }
  const isNobodyReading = () =>
    shown.peek()?.entries.length === 0 ||
    (isPart && isFirstPage.peek() && top.current?.querySelector('[open]') === null)
  const lookForNewer = async (): Promise<void> => {
    const after = upTo.peek()
    const query = { ...wish, after: String(after), limit: mostNewer }
    const later = await call('GET /v1/activity', { query })
    // Shown anew meanwhile: what is newer than that is another matter.
    if (upTo.peek() !== after) return lookForNewer()
    if (later.entries.length > 0) {
      if (isNobodyReading() && (await load(isNobodyReading))) return
      newer.value = new Set([...newer.peek(), ...later.entries.map(samenessOf)])
    }
    upTo.value = Math.max(upTo.peek(), later.upTo)
  }
  const unread = useLive(
    async () => void (await (shown.peek() === null ? load() : lookForNewer())),
    () => true,
  )
  const showNewer = async () => {
    if (await run(async () => void (await load()))) top.current?.scrollIntoView({ block: 'start' })
    top.current?.querySelector('summary')?.focus({ preventScroll: true })
  }
  const older = () =>
    run(async () => {
      const known = shown.peek()
      if (known === null || known.next === null) return
      isFirstPage.value = false
      const query = { ...wish, before: String(known.next), up_to: String(known.upTo) }
      const page = await call('GET /v1/activity', { query })
      // Shown anew meanwhile: this is no longer what follows.
      if (shown.peek() !== known) return
      shown.value = { ...known, entries: [...known.entries, ...page.entries], next: page.next }
    })
  const page = shown.value
  return (
    <div class="audit-trail" data-part={isPart ? true : undefined} ref={top}>
      {newer.value.size > 0 && (
        <button type="button" class="audit-newer" onClick={() => void showNewer()}>
          {said.newer(newer.value.size)}
        </button>
      )}
      {page === null && unread.value === null && <p class="loading">{said.reading}</p>}
      {page !== null && <Days entries={page.entries} isPart={isPart} />}
      {page?.entries.length === 0 && (
        <p class="blank">
          {page.next !== null ? said.nothingYet : pathOf(wish).length > 0 ? said.nothingFound : said.nothing}
        </p>
      )}
      <ProblemNote problem={problem.value ?? (page === null ? unread.value : null)} />
      {page !== null && page.next !== null && (
        <Button onPress={() => void older()} isBusy={isBusy.value}>
          {page.entries.length === 0 ? said.lookFurther : said.older}
        </Button>
      )}
      {page !== null && page.next === null && page.entries.length > 0 && pathOf(wish).length === 0 && (
        <p class="fine">{said.begin}</p>
      )}
    </div>
  )
}

function Days({ entries, isPart }: { readonly entries: readonly ActivityEntry[]; readonly isPart: boolean }) {
  const id = useId()
  const Heading = isPart ? 'h3' : 'h2'
  return (
    <>
      {daysOf(entries).map((day) => {
        const { near, name } = dayName(day.date, minuteEnd.value)
        return (
          <section key={day.date} class="audit-day" aria-labelledby={`${id}-${day.date}`}>
            <Heading id={`${id}-${day.date}`}>
              {near !== '' && `${near} `}
              <span class={near === '' ? '' : 'fine'}>{name}</span>
            </Heading>
            <ol class="rows audit">
              {day.entries.map((entry) => (
                <Entry key={entry.seq} entry={entry} />
              ))}
            </ol>
          </section>
        )
      })}
    </>
  )
}
