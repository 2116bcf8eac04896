import { Field } from '../parts/field.tsx'

interface TwoWordsProps {
  readonly label: string
  readonly help: string
  readonly again: string
  readonly faults: WordFaults
}
export interface WordFaults {
  readonly first: string | null
  readonly again: string | null
}
export const noFaults: WordFaults = { first: null, again: null }

/** A passphrase that is chosen: typed twice, because with a slip in it nobody could use it. */
export function TwoWords({ label, help, again, faults }: TwoWordsProps) {
  return (
    <>
      <Field name="password" label={label} help={help} type="password" error={faults.first} isRequired />
      <Field name="again.password" label={again} type="password" error={faults.again} isRequired />
    </>
  )
}

/** What is wrong with them. Whether it is long enough the desk says as well. */
export function wordFaults(
  texts: Readonly<Record<string, string>>,
  { shortest, short, differ }: { readonly shortest: number; readonly short: string; readonly differ: string },
): WordFaults {
  const { password = '', 'again.password': again = '' } = texts
  if ([...password].length < shortest) return { first: short, again: null }
  return { first: null, again: password === again ? null : differ }
}

export function hasFault({ first, again }: WordFaults): boolean {
  return first !== null || again !== null
}
