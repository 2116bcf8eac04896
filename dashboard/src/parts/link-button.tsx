import type { ComponentChildren } from 'preact'

interface LinkButtonProps {
  readonly to: string
  readonly label?: string | undefined
  readonly children: ComponentChildren
}

/** A link to a place of this page that looks like a button. */
export function LinkButton({ to, label, children }: LinkButtonProps) {
  return (
    <a class="button button-plain" href={to} aria-label={label}>
      {children}
    </a>
  )
}
