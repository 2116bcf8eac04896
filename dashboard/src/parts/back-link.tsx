import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'

/** To what a page is a part of. */
export function BackLink({ to, children }: { readonly to: string; readonly children: ComponentChildren }) {
  return (
    <a class="back" href={to}>
      <Icon name="back" />
      {children}
    </a>
  )
}
