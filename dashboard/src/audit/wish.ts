import type { ActivityWish } from '../../../src/contracts/activity.ts'

const names = ['account', 'program', 'kind', 'day'] as const
export type WishName = (typeof names)[number]
export type Wish = Readonly<Pick<ActivityWish, WishName>>

/** `#audit/account/demo/day/2026-11-24` looks for what happened with demo on that day. What is no filter is left out. */
export function wishOf(path: readonly string[]): Wish {
  const wish: Partial<Record<WishName, string>> = {}
  for (let at = 0; at + 1 < path.length; at += 2) {
    const name = names.find((each) => each === path[at])
    const value = path[at + 1]
    if (name !== undefined && value) wish[name] = value
  }
  return wish
}

/** The path of what is looked for, always in the same order. */
export function pathOf(wish: Wish): readonly string[] {
  return names.flatMap((name) => (wish[name] ? [name, wish[name]] : []))
}

/** The wish with one filter more, changed, or taken away by an empty text. */
export function withFilter(wish: Wish, name: WishName, value: string): Wish {
  const { [name]: _, ...others } = wish
  return value === '' ? others : { ...others, [name]: value }
}
