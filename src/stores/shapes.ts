/** Says whether a value that was read is what it should be. */
export type Shape<T> = (value: unknown) => value is T

/** The last instant that a clock can name: https://tc39.es/proposal-temporal/#sec-temporal-instant-range */
export const lastInstantMs = 8.64e15

export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** A whole number from 0 on that is exact. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

export function isInstant(value: unknown): value is number {
  return isCount(value) && value <= lastInstantMs
}

/** A small plain fact. */
export function isFact(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

export function orNull<T>(shape: Shape<T>): Shape<T | null> {
  return (value): value is T | null => value === null || shape(value)
}

export function oneOf<const Word extends string>(words: readonly Word[]): Shape<Word> {
  return (value): value is Word => (words as readonly unknown[]).includes(value)
}

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(item)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function mapOf<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> => isMap(value) && Object.values(value).every(item)
}

/** An object with these fields; what else it holds is not looked at. */
export function fieldsOf<T extends object>(
  fields: {
    readonly [Field in keyof T]-?: Shape<T[Field]>
  },
): Shape<T> {
  const shapes = Object.entries(fields) as [string, Shape<unknown>][]
  return (value): value is T => isMap(value) && shapes.every(([field, isRight]) => isRight(value[field]))
}

/** A field that may be left out. */
export function maybe<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value): value is T | undefined => value === undefined || shape(value)
}
