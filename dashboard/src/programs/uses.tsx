import type { KeyView } from '../../../src/contracts/api.ts'
import { addressOf } from '../place.ts'
import { whenText } from '../time/ist.ts'
import { words } from '../words/programs.ts'

/** The moment that everything before was for. */
export function FirstUse({ name }: { readonly name: string }) {
  return (
    <p class="first-use" data-used>
      <strong>{words.programs.firstUse(name)}</strong>{' '}
      <a href={addressOf('audit', 'program', name)}>{words.programs.seeInRecord}</a>
    </p>
  )
}

type Uses = Pick<KeyView, 'lastUsedAt' | 'uses'>

/** What a key was used for at one account. */
export function usesOf({ perAccount }: KeyView, account: string): Uses {
  return perAccount.find((use) => use.account === account) ?? { lastUsedAt: null, uses: 0 }
}

/** `214 times in 7 days, the last today 08:12 IST` */
export function usesText({ lastUsedAt, uses }: Uses, nowMs: number): string {
  const { noSessionYet, lastSession, usedInDays } = words.programs
  if (lastUsedAt === null) return noSessionYet
  const last = lastSession(whenText(lastUsedAt, nowMs))
  return uses === 0 ? last : `${usedInDays(uses)}, ${last}`
}
