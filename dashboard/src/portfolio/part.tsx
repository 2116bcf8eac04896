import type { ComponentChildren } from 'preact'

/** A heading and what stands below it, or that there is nothing. */
export function Part({
  title,
  none = false,
  children,
}: {
  readonly title: string
  readonly none?: string | false
  readonly children: ComponentChildren
}) {
  return (
    <section class="section">
      <h2 class="section-title">{title}</h2>
      {none === false ? children : <p class="blank">{none}</p>}
    </section>
  )
}
