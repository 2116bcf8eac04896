import type { DayList, Segment } from '../../contracts/calendar.ts'
import type { CalendarRecord, StoreReads } from '../../contracts/store.ts'
import type { SessionContext } from '../ground/context.ts'
import { isGenuine } from '../ground/records.ts'
import { list2026 } from './lists/2026.ts'
import { spansOf } from './spans.ts'

/** The lists that come with bhor, one file a year. */
export const shippedLists: readonly DayList[] = [list2026].flatMap(spansOf)

interface Said extends Pick<SessionContext, 'vault'> {
  readonly store: Pick<StoreReads, 'calendar'>
}

/** Everything that is known of trading days, for the functions of `day.ts` and `market.ts`: the user's words first. */
export async function knownDays(context: Said): Promise<readonly DayList[]> {
  return [...(await saidDays(context)).sound, ...shippedLists]
}

/** What the user has said, and the names of rows that are damaged and do not count. */
export async function saidDays({
  store,
  vault,
}: Said): Promise<{ sound: CalendarRecord[]; damaged: string[] }> {
  const { records, damaged } = await store.calendar.list()
  const sound = records.filter((record) => isGenuine(vault, 'calendar', record))
  const forged = records.filter((record) => !sound.includes(record))
  return { sound, damaged: [...forged, ...damaged].map(({ id }) => id) }
}

/** The day and month from which next year's list should be there: the one of 2026 came out about 12 Dec 2025. */
const nextYearFrom = '12-15'

/** What a household trades without knowing that it is special. */
const neededSegments: readonly Segment[] = ['equity', 'fno']

/** The years of which a list is missing on this day, with their segments: this one, and the next one from 15 December on. */
export function missingLists(
  lists: readonly DayList[],
  today: string,
): readonly { readonly year: number; readonly segments: readonly Segment[] }[] {
  const thisYear = Number(today.slice(0, 4))
  const years = today.slice(5) < nextYearFrom ? [thisYear] : [thisYear, thisYear + 1]
  return years.flatMap((year) => {
    const segments = neededSegments.filter((segment) => !coveredSegments(lists, year).includes(segment))
    return segments.length > 0 ? [{ year, segments }] : []
  })
}

/** The segments for which there is a list of the whole year. */
export function coveredSegments(lists: readonly DayList[], year: number): readonly Segment[] {
  const covering = lists.filter(
    ({ firstDay, lastDay }) => firstDay <= `${year}-01-01` && lastDay >= `${year}-12-31`,
  )
  return [...new Set(covering.map(({ segment }) => segment))]
}
