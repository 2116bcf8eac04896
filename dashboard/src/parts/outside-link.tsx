import type { ComponentChildren } from 'preact'

/** A link to another site, in a tab that knows nothing of this one. */
export function OutsideLink({ to, children }: { readonly to: string; readonly children: ComponentChildren }) {
  return (
    <a class="outside" href={to} target="_blank" rel="noopener noreferrer">
      {children}
      <svg class="glyph" viewBox="0 0 20 20" aria-hidden="true">
        <path d="M7 13l7-7M8.5 6H14v5.5" />
      </svg>
    </a>
  )
}
