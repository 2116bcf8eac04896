import { isCount, isInstant, isText, oneOf, type Shape } from './shapes.ts'

/** One column: how a field of a record is written, and how it is checked when it is read. */
export interface Column<
  Value,
  Name extends string = string,
  Stored extends string | number | null = string | number | null,
> {
  readonly name: Name
  readonly write: (value: Value) => Stored
  /** `undefined` for what cannot have been written. */
  readonly read: (stored: unknown) => Value | undefined
}

/** The columns of a record, field by field. One that is missing, too much, or of another type does not compile. */
export type Columns<Record> = { readonly [Field in keyof Record]-?: Column<Record[Field]> }

/** The row as both engines hold it. */
export type RowOf<Those> = {
  [Field in keyof Those as Those[Field] extends { readonly name: infer Name extends string }
    ? Name
    : never]: Those[Field] extends { readonly write: (value: never) => infer Stored } ? Stored : never
}

function plain<Value extends string | number, Name extends string, Stored extends string | number>(
  name: Name,
  shape: Shape<Value>,
): Column<Value, Name, Stored> {
  return {
    name,
    write: (value) => value as unknown as Stored,
    read: (stored) => (shape(stored) ? stored : undefined),
  }
}

export function text<Name extends string>(name: Name): Column<string, Name, string> {
  return plain(name, isText)
}

export function count<Name extends string>(name: Name): Column<number, Name, number> {
  return plain(name, isCount)
}

/** Epoch milliseconds. */
export function instant<Name extends string>(name: Name): Column<number, Name, number> {
  return plain(name, isInstant)
}

/** 0 or 1, on both engines. */
export function flag<Name extends string>(name: Name): Column<boolean, Name, number> {
  return {
    name,
    write: (value) => (value ? 1 : 0),
    read: (stored) => (stored === 0 || stored === 1 ? stored === 1 : undefined),
  }
}

/** One of a closed set. */
export function word<Name extends string, const Word extends string>(
  name: Name,
  words: readonly Word[],
): Column<Word, Name, string> {
  return plain(name, oneOf(words))
}

/** JSON as text, on both engines. */
export function json<Name extends string, Value>(
  name: Name,
  shape: Shape<Value>,
): Column<Value, Name, string> {
  return {
    name,
    write: (value) => JSON.stringify(value),
    read: (stored) => {
      const value = parsed(stored)
      return shape(value) ? value : undefined
    },
  }
}

function parsed(stored: unknown): unknown {
  try {
    return isText(stored) ? JSON.parse(stored) : undefined
  } catch {
    return undefined
  }
}

export function nullable<Value, Name extends string, Stored extends string | number>({
  name,
  write,
  read,
}: Column<Value, Name, Stored>): Column<Value | null, Name, Stored | null> {
  return {
    name,
    write: (value) => (value === null ? null : write(value)),
    read: (stored) => (stored === null ? null : read(stored)),
  }
}
