import type { ComponentChildren } from 'preact'

type Row = readonly [name: string, value: ComponentChildren]

/** Names and values. Rows without a value are left out. */
export function Facts({ rows }: { readonly rows: readonly Row[] }) {
  const told = rows.filter(([, value]) => value !== null && value !== undefined && value !== '')
  return (
    <dl class="facts">
      {told.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
